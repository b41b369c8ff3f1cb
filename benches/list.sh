#!/usr/bin/env bash
# How long `gvm list` takes with nine versions, beside /bin/true, interleaved in one run.
#
#   benches/list.sh [RUNS]        (200 by default; needs a release build of gvm, and the way to a module proxy that
#                                  `go env GOPROXY` names; GVM_DIR may name a root that is there already)
#
# Prints the medians in milliseconds, each with the fork and exec of a shell in it, and what gvm adds.
set -euo pipefail
unset RUST_BACKTRACE

runs=${1:-200}
top=$(cd "$(dirname "$0")/.." && pwd)
gvm=${GVM:-$top/target/release/gvm}
if [ -z "${GVM_DIR:-}" ]; then
  GVM_DIR=$(mktemp -d "${TMPDIR:-/tmp}/gvm-bench.XXXXXX")
  trap 'rm -rf "$GVM_DIR"' EXIT
  GOPROXY=$(go env GOPROXY) GVM_DIR=$GVM_DIR "$gvm" --quiet install 1.22.{2..10}
fi
export GVM_DIR

microseconds() { # COMMAND...
  local start=${EPOCHREALTIME/./}
  "$@" >/dev/null
  echo $((${EPOCHREALTIME/./} - start))
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

listed=() bare=()
for _ in $(seq "$runs"); do
  bare+=("$(microseconds /bin/true)")
  listed+=("$(microseconds "$gvm" list)")
done
awk -v b="$(printf '%s\n' "${bare[@]}" | median)" -v l="$(printf '%s\n' "${listed[@]}" | median)" \
  -v n="$("$gvm" list | wc -l)" 'BEGIN {
  printf "gvm list, %d versions  %.2f ms\n", n, l / 1000
  printf "/bin/true             %.2f ms\n", b / 1000
  printf "added                 %.2f ms\n", (l - b) / 1000
}'
