# The shims stand first on PATH, once.
$env.PATH = ($env.PATH | split row (char esep) | where {|entry| $entry != @shims@ } | prepend @shims@)
@interactive@
