# The shims stand first on PATH, once.
$PATH.add(@shims@, front=True, replace=True)
@interactive@
