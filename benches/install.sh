#!/usr/bin/env bash
# How long `gvm install` takes, beside the go command's own download of the same toolchain from the same place, in one
# run: both read one file:// module proxy that holds the archive and the checksum database's answers; both prove it.
#
#   benches/install.sh [RUNS]        (7 by default; needs go, GNU time and a release build of gvm)
#
# Prints the medians, their ratio, and gvm's peak memory for the module zip and for an archive as the download site has
# it. Folders are removed at the end only: removing a tree slows the file system down for whoever writes next.
set -euo pipefail
unset RUST_BACKTRACE

runs=${1:-7}
top=$(cd "$(dirname "$0")/.." && pwd)
gvm=${GVM:-$top/target/release/gvm}
version=1.22.10
target=$(go env GOOS)-$(go env GOARCH)
module=v0.0.1-go$version.$target
work=$(mktemp -d "${TMPDIR:-/tmp}/gvm-bench.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export GOTOOLCHAIN=local GOFLAGS=-modcacherw HOME=$work/home
mkdir -p "$HOME" "$work/times"

# Seconds and peak kB of a command, as `time` sees the whole process, go to a file.
timed() { # FILE COMMAND...
  local file=$1
  shift
  sync # so that no run pays for the writes of the one before
  command time -a -o "$work/times/$file" -f '%e %M' "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

median() { # FILE COLUMN
  sort -n -k "$2" "$work/times/$1" | awk -v c="$2" '{v[NR] = $c} END {print v[int((NR + 1) / 2)]}'
}

# The go command keeps what it fetched in the layout of a module proxy, the checksum database's answers included.
(cd "$work" && GOMODCACHE=$work/seed go mod download "golang.org/toolchain@$module")
seed=$work/seed/cache/download
echo >"$seed/sumdb/sum.golang.org/supported"
export GOPROXY=file://$seed

for run in $(seq "$runs"); do
  mkdir -p "$work/$run/modules" "$work/$run/home"
  timed gvm env GVM_DIR="$work/$run/zip" "$gvm" --quiet install "$version"
  (cd "$work/$run" && timed go env GOMODCACHE="$work/$run/modules" GOPATH="$work/$run/home" \
    go mod download "golang.org/toolchain@$module")
done

# The same tree as the download site packs it.
tree=$(find "$work/1/zip" -maxdepth 2 -name VERSION -printf '%h\n')
tar --owner=0 --group=0 --sort=name -C "$tree/.." --transform "s,^$(basename "$tree"),go," \
  -cf - "$(basename "$tree")" | gzip -1 >"$work/go$version.$target.tar.gz"
for run in $(seq 3); do
  timed tar env GVM_DIR="$work/$run/tar" "$gvm" --quiet install "$work/go$version.$target.tar.gz"
done

printf 'gvm install %s   %s s, peak %s MiB (median of %s)\n' "$version" "$(median gvm 1)" \
  "$(($(median gvm 2) / 1024))" "$runs"
printf 'go mod download      %s s\n' "$(median go 1)"
printf 'from a tar.gz        %s s, peak %s MiB\n' "$(median tar 1)" "$(($(median tar 2) / 1024))"
awk -v g="$(median gvm 1)" -v o="$(median go 1)" 'BEGIN {printf "ratio                %.3f\n", g / o}'
