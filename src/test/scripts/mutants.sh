#!/usr/bin/env bash
# Which mutants of the protocol and replica packages are killed by generated worlds alone.
#
#   ./src/test/scripts/mutants.sh [SEED [MUTANTS]]
#
# Takes classes in an order that the seed decides, until there are so many mutants (500; a large number takes all). What
# is done stands in target/mutants, and the same command goes on from there; remove it after a change of the code.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
seed="${1:-1}"
wanted="${2:-500}"
done=target/mutants
at_once=5 # Classes, in one run of PIT, which plays all worlds once before it begins.
mkdir -p "$done"

mvn -q -B -DskipTests -Dspotless.check.skip test-compile

# The same order on each machine, whatever its shuf makes of a seed. How options are read and protocols are found is over
# before a world begins.
classes() {
  (cd target/classes && find io/orrery/protocol io/orrery/replica -name '*.class' ! -name '*$*' ! -name package-info.class \
    ! -name 'ProtocolOption*.class' ! -name Protocols.class ! -name Vocabulary.class) |
    sed 's/\.class$//; s|/|.|g' | sort |
    while read -r class; do printf '%s %s\n' "$(printf '%s %s' "$seed" "$class" | cksum | cut -d ' ' -f 1)" "$class"; done |
    sort -n | cut -d ' ' -f 2
}

# Judges the mutants of classes, and writes down those of each into a file of its own.
judge() {
  local class targets=()
  for class in "$@"; do targets+=("$class" "$class\$*"); done
  rm -rf target/pit-reports
  mvn -q -B -Pmutants org.pitest:pitest-maven:mutationCoverage "-DtargetClasses=$(IFS=,; echo "${targets[*]}")" > "$done/log" 2>&1 ||
    { cat "$done/log" >&2; exit 1; }
  for class in "$@"; do
    if [[ -f target/pit-reports/mutations.csv ]]; then
      awk -F, -v class="$class" '$2 == class || index($2, class "$") == 1' target/pit-reports/mutations.csv > "$done/new"
    else
      : > "$done/new"
    fi
    mv "$done/new" "$done/$class.csv"
  done
}

count=0
files=()
mapfile -t order < <(classes)
for ((i = 0; i < ${#order[@]} && count < wanted; i++)); do
  result="$done/${order[i]}.csv"
  if [[ ! -f "$result" ]]; then
    next=()
    for class in "${order[@]:i:at_once}"; do [[ -f "$done/$class.csv" ]] || next+=("$class"); done
    judge "${next[@]}"
  fi
  files+=("$result")
  mutants="$(wc -l < "$result")"
  count=$((count + mutants))
  printf '%s: %s mutants, %s in all\n' "${order[i]}" "$mutants" "$count" >&2
done

# File, class, mutator, method, line, status, killed by. Mutants that time out do so by the clock of the machine.
cat "${files[@]}" | awk -F, '
  $6 == "NON_VIABLE" { next }
  { n = split($2, name, "."); package = name[1]; for (i = 2; i < n; i++) package = package "." name[i]
    all[package]++; total++
    if ($6 == "TIMED_OUT") { late[package]++; lates++ }
    if ($6 == "KILLED" || $6 == "TIMED_OUT" || $6 == "MEMORY_ERROR" || $6 == "RUN_ERROR") { killed[package]++; dead++ }
    else { m = split($3, mutator, "."); lives[++alive] = $2 ":" $5 " " $4 " " mutator[m] " " $6 } }
  END {
    printf "%-40s %8s %8s %10s %8s\n", "package", "mutants", "killed", "timed out", "of 100"
    for (package in all)
      printf "%-40s %8d %8d %10d %8.1f\n", package, all[package], killed[package], late[package], 100 * killed[package] / all[package] | "sort"
    close("sort")
    printf "%-40s %8d %8d %10d %8.1f\n\n", "all", total, dead, lates, 100 * dead / total
    for (i = 1; i <= alive; i++) print lives[i] | "sort" }'
