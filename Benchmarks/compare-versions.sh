#!/usr/bin/env bash
# Compares how fast two checkouts describe the same photos, in turns, so that both meet the machine alike.
#
#   Benchmarks/compare-versions.sh BEFORE AFTER PHOTOS [TURNS] [COUNT]
#
# BEFORE and AFTER are checkouts in which `make build` has run; PHOTOS a folder of JPEGs, such as
# `python -m Benchmarks.make_photos FOLDER` draws (1,000 of 12 megapixels); TURNS how often each describes
# them (2); COUNT how many of them are taken (all). Each turn has a catalogue of its own; models and settings
# are those that the programs bring. Prints the seconds of each turn and the median's ratio: 1 is equally fast,
# above 1 AFTER is faster; the bar is 0.97. The machine should do nothing else.
set -euo pipefail
if [ $# -lt 3 ]; then sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '/^set/d' >&2; exit 2; fi
before=$(cd "$1" && pwd); after=$(cd "$2" && pwd); photos=$(cd "$3" && pwd); turns=${4:-2}; count=${5:-0}
for checkout in "$before" "$after"; do
    [ -x "$checkout/.build/release/vignette" ] || { echo "run 'make build' in $checkout first" >&2; exit 1; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The catalogue and the settings of whoever measures stay out of it.
export XDG_STATE_HOME=$folder/state XDG_DATA_HOME=$folder/state XDG_CONFIG_HOME=$folder/config XDG_CACHE_HOME=$folder/cache
if [ "$count" -gt 0 ]; then
    mkdir "$folder/photos"
    find "$photos" -type f -name '*.jpg' | sort | head -n "$count" | while IFS= read -r file; do
        ln "$file" "$folder/photos/" 2>/dev/null || cp "$file" "$folder/photos/"
    done
    photos=$folder/photos
fi
# Both read from the system's cache, or neither does.
find "$photos" -type f -exec cat {} + >/dev/null

# Programs and models too: one photo for each, not counted.
mkdir "$folder/first"
first=$(find "$photos" -type f | sort | head -n 1)
cp "$first" "$folder/first/"
for checkout in "$before" "$after"; do
    (cd "$checkout" && .build/release/vignette scan --catalogue "$folder/first.sqlite" "$folder/first" >/dev/null)
    rm -f "$folder"/first.sqlite*
done

describe() { # CHECKOUT NAME
    local start end described
    start=$(date +%s.%N)
    # From its own checkout: model and decoder are found beside the program.
    (cd "$1" && .build/release/vignette scan --catalogue "$folder/$2.sqlite" "$photos" >"$folder/$2.out" 2>"$folder/$2.err") || {
        tail -n 5 "$folder/$2.err" >&2
        exit 1
    }
    end=$(date +%s.%N)
    described=$(wc -l <"$folder/$2.out")
    printf '%s\n' "$(echo "$end $start" | awk '{ print $1 - $2 }')" >>"$folder/${2%-*}.seconds"
    printf '%-10s %8.1f s, %d lines\n' "$2" "$(tail -n 1 "$folder/${2%-*}.seconds")" "$described"
    rm -f "$folder/$2".sqlite*
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

for turn in $(seq "$turns"); do
    # Who begins changes, since the machine warms up.
    if [ $((turn % 2)) = 1 ]; then
        describe "$before" "before-$turn"; describe "$after" "after-$turn"
    else
        describe "$after" "after-$turn"; describe "$before" "before-$turn"
    fi
done
echo "$(median "$folder/before.seconds") $(median "$folder/after.seconds")" |
    awk '{ printf "after is %.3f times as fast as before (at least 0.97 is wanted)\n", $1 / $2 }'
