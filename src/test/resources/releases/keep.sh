#!/usr/bin/env bash
# Keeps what a release leaves on disks, in the shape that ReleasesTest reads: a data directory, a history, a scenario, a trace.
# RELEASE=VERSION keep.sh [DIR] writes to DIR/VERSION; DIR is the directory of this file where it is left out.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd -P)"
root="$(cd "$here/../../../.." && pwd -P)"
orrery="$root/run.sh"
: "${RELEASE:?say which release this is: RELEASE=1.2.3 $0}"
to="${1:-$here}/$RELEASE"
[[ ! -e "$to" ]] || { printf '%s exists already\n' "$to" >&2; exit 2; }

work="$(mktemp -d)"
server=
end() {
  [[ -z "$server" ]] || kill "$server" 2> /dev/null || true
  rm -rf "$work"
}
trap end EXIT

# A port that nothing listens on.
port=20901
while (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
  port=$((port + 1))
done
cat > "$work/deployment.conf" << CONF
protocol = lamport-lww
journal = rocksdb
data = "$work/data"
replicas = [{ id = A, http { port = $port } }]
CONF
ask() {
  "$orrery" "$@" --node "http://localhost:$port"
}

"$orrery" version > /dev/null
"$orrery" serve "$work/deployment.conf" --history "$work/history.jsonl" &
server=$!
until ask status > /dev/null 2>&1; do
  kill -0 "$server" 2> /dev/null || { printf 'the server ended\n' >&2; exit 2; }
  sleep 1
done

ask put x 1
ask put x two
ask get x
ask put y 3
ask delete y
# Exit code 1: there is no such key.
ask get y || true
# More than 128 letters: the journal has such a value in a record of its own.
ask put long "{\"long\":\"$(printf 'v%.0s' {1..300})\"}"
kill -TERM "$server"
wait "$server"
server=

mkdir -p "$to"
cp -r "$work/data/replica-A" "$to/replica-A"
# Files that no later version reads: RocksDB writes them for a running process.
(cd "$to/replica-A" && rm -rf LOCK LOG LOG.old.* OPTIONS-*)
cp "$work/history.jsonl" "$to/history.jsonl"
cp "$root/scenarios/lamport-partition.conf" "$to/scenario.conf"
# The trace alone, without the title above it and the table below.
"$orrery" sim "$to/scenario.conf" --seed 1 --trace | sed -n '/^ *time (s)/,/^$/p' | sed '/^$/d' > "$to/trace.txt"
printf 'kept %s\n' "$to"
