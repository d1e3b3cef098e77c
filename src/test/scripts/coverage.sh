#!/usr/bin/env bash
# Prints what generated worlds alone reach of the protocol packages: ./src/test/scripts/coverage.sh [WORLDS PER PROTOCOL]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

mvn -q -B -Pcoverage -Dspotless.check.skip -Dtest=GeneratedWorldsTest "-Dworlds=${1:-300}" -Dmaven.test.failure.ignore -Dtests.excluded=none test
java src/test/scripts/CoverageTable.java target/site/jacoco/jacoco.xml src/main/java
