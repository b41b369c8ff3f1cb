# The shims stand first on PATH, once.
while set -l __gvm_at (contains -i -- @shims@ $PATH)
    set -e PATH[$__gvm_at]
end
set -gx PATH @shims@ $PATH
@interactive@
# `gvm shell` changes this shell; all else goes to the program.
function gvm
    if test "$argv[1]" != shell
        command gvm $argv
        return
    end
    set -l code (command gvm shell --hook fish $argv[2..-1])
    or return
    eval $code
end
# For fish_prompt or fish_right_prompt: the version in a Go project, and nothing elsewhere.
function gvm_prompt
    command gvm prompt --project-only $argv
end
complete -c gvm -f -a '(COMPLETE=lines command gvm -- (commandline -opc) (commandline -ct) 2>/dev/null)'
