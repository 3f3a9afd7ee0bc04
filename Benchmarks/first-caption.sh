#!/usr/bin/env bash
# Measures what a newcomer waits for: from a clean clone to the first line of `make run` on Samples/.
#
#   Benchmarks/first-caption.sh [FOLDER]     clones the checkout it stands in into FOLDER (a new one)
#
# What is built, fetched and cached begins empty; only packages come from wherever git finds them, and
# the C libraries must be there (make deps). The machine should do nothing else. Removes the clone.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if [ -n "$(ls -A "$folder")" ]; then echo "$folder is not empty" >&2; exit 1; fi
run=
finish() {
    # The group: make, the shell and the program.
    [ -z "$run" ] || kill -INT -- "-$run" 2>/dev/null || true
    [ -z "$run" ] || wait "$run" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

mkdir -p "$folder/state" "$folder/cache" "$folder/config"
# The catalogue and the settings of whoever measures stay out of it.
export XDG_STATE_HOME=$folder/state XDG_DATA_HOME=$folder/state XDG_CONFIG_HOME=$folder/config
export XDG_CACHE_HOME=$folder/cache
log=$folder/run.log
start=$(date +%s.%N)
git clone -q "$checkout" "$folder/vignette"
set -m
make -C "$folder/vignette" run \
    SWIFT_BUILD_FLAGS="--cache-path '$folder/cache/swiftpm' --disable-dependency-cache" >"$log" 2>&1 &
run=$!
set +m
# A result's line is a sample's name, two spaces and the caption.
until grep -qE '^[a-z-]+\.(jpg|mp4)  ' "$log"; do
    if ! kill -0 "$run" 2>/dev/null; then cat "$log" >&2; echo "make run ended early" >&2; exit 1; fi
    sleep 0.1
done
end=$(date +%s.%N)
units=$(grep -oE '^\[[0-9]+/[0-9]+\]' "$log" | tr -d '[]' | awk -F/ '
    $1 < last { total += most; most = 0 } { last = $1; if ($2 > most) most = $2 }
    END { print total + most }')
printf '%.0f s from the clone to the first line; %d units built by %d processors\n' \
    "$(echo "$end $start" | awk '{ print $1 - $2 }')" "$units" "$(nproc)"
