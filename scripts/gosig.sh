#!/usr/bin/env bash
# Regenerates archlint/knowledge/golang/*.gosig. Needs Go and its module proxy.
#   scripts/gosig.sh [std|third-party]      DATE=YYYY-MM-DD overrides today
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../archlint/knowledge/golang" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
date=${DATE:-$(date -u +%F)}
(cd "$here/gosig" && go build -o "$work/gosig" .)

if [[ ${1:-std} != third-party ]]; then
  mkdir "$work/std" && (cd "$work/std" && go mod init example.test/std)
  "$work/gosig" -date "$date" -C "$work/std" -o "$target/std.gosig" std
fi
if [[ ${1:-third-party} != std ]]; then
  mkdir "$work/mods" && cd "$work/mods" && go mod init example.test/signatures
  export GOFLAGS=-mod=mod
  patterns=$(grep -v '^#' "$here/gosig/third_party.txt")
  for pattern in $patterns; do
    [[ $pattern == *@* ]] || pattern=$pattern@latest
    go get "$pattern" || echo "left out: $pattern" >&2
  done
  # shellcheck disable=SC2001,SC2046
  "$work/gosig" -date "$date" -C "$work/mods" -systems linux,windows \
    -source "the modules' sources" -o "$target/third_party.gosig" $(sed 's/@[^ ]*//' <<<"$patterns")
fi
