__gvm_complete() {
    local line
    local -a found
    for line in "${(@f)$(COMPLETE=lines command gvm -- "${(@)words[1,CURRENT]}" 2>/dev/null)}"; do
        [[ -n $line ]] || continue
        case $line in
        *$'\t'*) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
        *) found+=("${line//:/\\:}") ;;
        esac
    done
    _describe 'gvm' found
}
if (( ${+functions[compdef]} )); then compdef __gvm_complete gvm; fi
