# The shims stand first on PATH, once. For tcsh alone: another csh reads this file too where it is everybody's.
if ($?tcsh) then
set -f path = (@shims@ $path:q)
endif
@interactive@
if ($?tcsh) then
# `gvm shell` changes this shell; all else goes to the program.
alias gvm 'set gvm_words = (\!* -); if ("$gvm_words[1]" != "shell") \gvm \!*; set gvm_status = $status; if ("$gvm_words[1]" == "shell") eval "`\gvm \!* --hook tcsh`"; if ("$gvm_words[1]" == "shell") set gvm_status = $status; (exit $gvm_status)'
# For a prompt, as in: alias precmd 'set prompt = "`gvm_prompt` %~ > "'
alias gvm_prompt '\gvm prompt --project-only \!*'
complete gvm 'p@*@`env COMPLETE=lines gvm`@'
endif
