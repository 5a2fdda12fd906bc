#!/bin/sh
# Lets the monkey loose for SECONDS (an hour) from SEED (the clock): seed after seed, a minute each.
# monkey.sh [SECONDS] [SEED]; BUILD=folder of the build, build-asan where it is there.
root=$(cd "$(dirname "$0")/.." && pwd)
seconds=${1:-3600}
seed=${2:-$(date +%s)}
build=${BUILD:-$root/build-asan}
[ -x "$build/tests/app/monkey/heed_monkey" ] || build="$root/build"
log=$(mktemp)
end=$(($(date +%s) + seconds))
cd "$root" || exit 2
while [ "$(date +%s)" -lt "$end" ]; do
    rest=$((end - $(date +%s)))
    [ "$rest" -gt 60 ] && rest=60
    if ! ASAN_OPTIONS=detect_leaks=0 "$build/tests/app/monkey/heed_monkey" --seconds "$rest" \
        --seed "$seed" >"$log" 2>&1; then
        tail -n 40 "$log"
        echo "monkey: seed $seed failed; all of it is in $log"
        exit 1
    fi
    echo "seed $seed: $(grep -E ' steps, |longest' "$log" | tr '\n' ' ')"
    seed=$((seed + 1))
done
rm -f "$log"
