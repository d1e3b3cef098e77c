# The lab on logical clocks with curl alone: lamport.sh URL_OF_A URL_OF_B
set -eu
json='Content-Type: application/json'
fail() { echo "$1" >&2; exit 1; }
has() { case "$1" in *"$2"*) ;; *) fail "no $2 in $1" ;; esac; }

put=$(curl -sSf -X POST "$1/put" -H "$json" -d '{"key": "curl", "value": "v"}')
has "$put" '"ok":true'
has "$put" '"node":"A"'
has "$put" '"applied":true'
has "$(curl -sSf "$1/get?key=curl")" '"origin":"A"'
has "$(curl -sSf "$1/status")" '"curl":{"value":"v","ts":'
has "$(curl -sS "$2/get?key=none+of+it")" '"ok":false'
sent=$(curl -sSf -X POST "$2/replicate" -H "$json" -d '{"key": "from C", "value": 3, "ts": 900, "origin": "C"}')
has "$sent" '"applied":true'
has "$(curl -sSf "$2/get?key=from%20C")" '"ts":900'
echo "lamport.sh: well"
