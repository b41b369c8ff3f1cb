# The shims stand first on PATH, once.
$env.PATH = ($env.PATH | split row (char esep) | where {|entry| $entry != @shims@ } | prepend @shims@)
@interactive@
# What a word of gvm's may become.
def "nu-complete gvm" [context: string, position: int] {
    let words = ($context | str substring 0..<$position | split row --regex '\s+')
    with-env { COMPLETE: lines } { ^gvm -- ...$words } | lines | each {|line|
        let parts = ($line | split row "\t")
        { value: $parts.0, description: ($parts | get -o 1 | default "") }
    }
}
# `gvm shell` changes this shell; all else goes to the program.
def --env --wrapped gvm [...words: string@"nu-complete gvm"] {
    if ($words | get -o 0) != "shell" {
        ^gvm ...$words
        return
    }
    let change = (^gvm shell --hook nushell ...($words | skip 1))
    if ($change | is-empty) { return }
    let change = ($change | from json)
    if $change.GVM_GO == null {
        hide-env --ignore-errors GVM_GO
    } else {
        load-env $change
    }
}
# For $env.PROMPT_COMMAND_RIGHT: the version in a Go project, and nothing elsewhere.
def --wrapped gvm_prompt [...words: string] { ^gvm prompt --project-only ...$words }
