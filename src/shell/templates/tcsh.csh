# The shims stand first on PATH, once.
set -f path = (@shims@ $path:q)
@interactive@
