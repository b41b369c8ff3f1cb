__gvm_complete() {
    emulate -L zsh
    local line
    local -a found
    for line in "${(@f)$(COMPLETE=lines command gvm -- "${(@)words[1,CURRENT]}" 2>/dev/null)}"; do
        [[ -n $line ]] && found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    _describe 'gvm' found
}
if (( ${+functions[compdef]} )); then compdef __gvm_complete gvm; fi
