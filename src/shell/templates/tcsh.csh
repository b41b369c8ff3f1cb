# The shims stand first on PATH, once.
set -f path = (@shims@ $path:q)
@interactive@
# `gvm shell` changes this shell; all else goes to the program.
alias gvm 'if ("x\!:*" !~ "xshell*") \gvm \!*; if ("x\!:*" =~ "xshell*") eval "`\gvm \!* --hook tcsh`"'
# For a prompt, as in: alias precmd 'set prompt = "`gvm_prompt` %~ > "'
alias gvm_prompt '\gvm prompt --project-only \!*'
complete gvm 'p@*@`env COMPLETE=lines gvm`@'
