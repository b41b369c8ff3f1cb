# The shims stand first on PATH, once.
__gvm_shims=@shims@
__gvm_path=":${PATH-}:"
while :; do
    case "$__gvm_path" in
    *":$__gvm_shims:"*) __gvm_path="${__gvm_path%%":$__gvm_shims:"*}:${__gvm_path#*":$__gvm_shims:"}" ;;
    *) break ;;
    esac
done
__gvm_path="${__gvm_path%:}"
if [ -n "${__gvm_path#:}" ]; then PATH="$__gvm_shims$__gvm_path"; else PATH="$__gvm_shims"; fi
export PATH
unset __gvm_shims __gvm_path
@interactive@
# `gvm shell` changes this shell; all else goes to the program.
gvm() {
    if [ "${1-}" != shell ]; then
        command gvm "$@"
        return
    fi
    shift
    eval "$(command gvm shell --hook @shell@ "$@" || printf 'return %s' "$?")"
}
# For a prompt, as in PS1='$(gvm_prompt) $ ': the version in a Go project, and nothing elsewhere.
gvm_prompt() {
    command gvm prompt --project-only "$@"
}
