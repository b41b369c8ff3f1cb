#!/usr/bin/env bash
# What gvm costs at a shell's start and at each prompt: `bash benches/shells.sh [GVM] [RUNS]`, medians in milliseconds.
# With and without take turns, so that whatever else the machine does meets both. Ends with 1 over a limit: 2 ms at the
# start, 3 ms for `gvm prompt` more than /bin/true.
set -euo pipefail
gvm=$(realpath "${1:-target/release/gvm}")
runs=${2:-50}

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home/with GVM_DIR=$home/gvm
unset ZDOTDIR XDG_CONFIG_HOME
mkdir -p "$home/with" "$home/without" "$home/project"
"$gvm" setup --shell bash --shell zsh --shell fish >/dev/null 2>&1
printf 'module x\n\ngo 1.21\n' >"$home/project/go.mod"
cd "$home/project"

# Runs "${@:2}" once, and adds the microseconds to the file $1.
timed() {
    local to=$1 start
    shift
    start=${EPOCHREALTIME/./}
    "$@" >/dev/null 2>&1 </dev/null || true
    echo $((${EPOCHREALTIME/./} - start)) >>"$to"
}

median() { sort -n "$1" | awk '{all[NR] = $1} END {print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2000}'; }

# What the command $4 costs more than $3, against a limit.
compare() {
    local name=$1 limit=$2 less more count
    read -ra less <<<"$3"
    read -ra more <<<"$4"
    rm -f "$home/less" "$home/more"
    for ((count = 0; count < runs; count++)); do
        timed "$home/less" "${less[@]}"
        timed "$home/more" "${more[@]}"
    done
    awk -v name="$name" -v limit="$limit" -v less="$(median "$home/less")" -v more="$(median "$home/more")" 'BEGIN {
        printf "%-12s %6.2f ms without, %6.2f ms with: %+.2f ms (at most %d)\n", name, less, more, more - less, limit
        exit more - less > limit
    }'
}

status=0
for shell in bash zsh fish; do
    command -v "$shell" >/dev/null || continue
    compare "$shell -i" 2 "env HOME=$home/without $shell -i -c true" "env HOME=$home/with $shell -i -c true" || status=1
done
compare "gvm prompt" 3 /bin/true "$gvm prompt --project-only" || status=1
exit "$status"
