#!/usr/bin/env bash
# Which mutants of the protocol and replica packages are killed by generated worlds alone.
#
#   ./src/test/scripts/mutants.sh [SEED [MUTANTS]]
#
# Takes classes in an order that the seed decides, until there are so many mutants (500; a large number takes all). What
# is done stands in target/mutants, and the same command goes on from there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
seed="${1:-1}"
wanted="${2:-500}"
done=target/mutants
mkdir -p "$done"

mvn -q -B -DskipTests -Dspotless.check.skip test-compile

# The same order on each machine, whatever its shuf makes of a seed.
classes() {
  (cd target/classes && find io/orrery/protocol io/orrery/replica -name '*.class' ! -name '*$*' ! -name package-info.class) |
    sed 's/\.class$//; s|/|.|g' | sort |
    while read -r class; do printf '%s %s\n' "$(printf '%s %s' "$seed" "$class" | cksum | cut -d ' ' -f 1)" "$class"; done |
    sort -n | cut -d ' ' -f 2
}

count=0
files=()
for class in $(classes); do
  result="$done/$class.csv"
  if [[ ! -f "$result" ]]; then
    rm -rf target/pit-reports
    mvn -q -B -Pmutants org.pitest:pitest-maven:mutationCoverage "-DtargetClasses=$class,$class\$*" > "$done/log" 2>&1 ||
      { cat "$done/log" >&2; exit 1; }
    touch "$result.new"
    [[ ! -f target/pit-reports/mutations.csv ]] || cp target/pit-reports/mutations.csv "$result.new"
    mv "$result.new" "$result"
  fi
  files+=("$result")
  mutants="$(wc -l < "$result")"
  count=$((count + mutants))
  printf '%s: %s mutants, %s in all\n' "$class" "$mutants" "$count" >&2
  [[ "$count" -lt "$wanted" ]] || break
done

# File, class, mutator, method, line, status, killed by.
cat "${files[@]}" | awk -F, '
  { n = split($2, name, "."); package = name[1]; for (i = 2; i < n; i++) package = package "." name[i]
    all[package]++; total++
    if ($6 == "KILLED" || $6 == "TIMED_OUT" || $6 == "MEMORY_ERROR" || $6 == "RUN_ERROR") { killed[package]++; dead++ }
    else { lives[++alive] = $2 ":" $5 " " $4 " " $3 " " $6 } }
  END {
    printf "%-40s %8s %8s %8s\n", "package", "mutants", "killed", "of 100"
    for (package in all) printf "%-40s %8d %8d %8.1f\n", package, all[package], killed[package], 100 * killed[package] / all[package] | "sort"
    close("sort")
    printf "%-40s %8d %8d %8.1f\n\n", "all", total, dead, 100 * dead / total
    for (i = 1; i <= alive; i++) print lives[i] | "sort" }'
