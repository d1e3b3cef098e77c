# The lab on a single leader with curl alone: quorum.sh URL_OF_THE_LEADER URL_OF_A_FOLLOWER
set -eu
json='Content-Type: application/json'
fail() { echo "$1" >&2; exit 1; }
has() { case "$1" in *"$2"*) ;; *) fail "no $2 in $1" ;; esac; }

written=$(curl -sSf -X POST "$1/write" -H "$json" -d '{"key": "curl", "value": 1}')
has "$written" '"version":1'
has "$written" '"node_id":"leader"'
has "$(curl -sSf "$1/read?key=curl")" '"value":1'
data=$(curl -sSf "$1/data")
has "$data" '"curl":{"value":1,"version":1}'
has "$data" '"count":'
sent=$(curl -sSf -X POST "$2/replicate" -H "$json" -d '{"key": "curl by hand", "value": 2, "version": 4}')
has "$sent" '"version":4'
has "$sent" '"node_id":"follower1"'
echo "quorum.sh: well"
