# The shims stand first on PATH, once.
set paths = [@shims@ (each {|entry| if (not-eq $entry @shims@) { put $entry } } $paths)]
@interactive@
use str
# `gvm shell` changes this shell; all else goes to the program.
edit:add-var gvm~ {|@words|
  if (or (eq $words []) (not-eq $words[0] shell)) {
    e:gvm $@words
  } else {
    eval (e:gvm shell --hook elvish (all $words[1..]) | slurp)
  }
}
# For edit:prompt or edit:rprompt: the version in a Go project, and nothing elsewhere.
edit:add-var gvm_prompt~ {|@words| e:gvm prompt --project-only $@words }
set edit:completion:arg-completer[gvm] = {|@words|
  tmp E:COMPLETE = lines
  e:gvm -- $@words 2>/dev/null | each {|line|
    put [(str:split "\t" $line)][0]
  }
}
