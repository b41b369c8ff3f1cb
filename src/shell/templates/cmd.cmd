@rem The shims stand first on PATH, once.
@set "PATH=@shims@;%PATH:@shims@;=%"
@interactive@
@rem `gvm shell` changes this shell; all else goes to the program.
@doskey gvm=if "$1"=="shell" (for /f "delims=" %%i in ('gvm.exe shell --hook cmd $2 $3') do @%%i) else (gvm.exe $*)
