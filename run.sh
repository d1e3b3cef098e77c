#!/usr/bin/env bash
# Builds what is missing and runs Orrery: ./run.sh COMMAND, from any directory. ./run.sh test runs all tests and checks.
set -euo pipefail

# Orrery is where this file is, and not where a link to it is.
script="${BASH_SOURCE[0]}"
while [[ -L "$script" ]]; do
  link="$(readlink "$script")"
  [[ "$link" == /* ]] || link="$(dirname "$script")/$link"
  script="$link"
done
root="$(cd "$(dirname "$script")" && pwd -P)"
target="$root/target"
stamp="$target/built"
archive="$target/orrery.jsa"
jar="$target/orrery.jar"
lib="$target/lib"

# A release comes with its jars and without what they are built from.
[[ -f "$root/pom.xml" ]] && released=false || released=true
if $released; then
  lib="$root/lib"
  jar="$lib/orrery.jar"
fi

# Java reads its arguments in the letters of the locale; without one, it would make question marks of all but ASCII.
case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
  *[Uu][Tt][Ff]8 | *[Uu][Tt][Ff]-8) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac

fail() {
  printf '%s\n' "$*" >&2
  exit 2
}

# The java that is used: that of JAVA_HOME, if it is set, else the first on the path.
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
command -v "$java" > /dev/null || fail "There is no ${java}. Orrery needs a JDK, version 17 or later: https://adoptium.net"

# The major version. Asking java takes a while, so the answer is kept until another java is in its place.
java_file="$(readlink -f "$(command -v "$java")" 2> /dev/null || command -v "$java")"
version_file="$target/java-version"
if [[ -f "$version_file" && "$version_file" -nt "$java_file" && "$(head -n 1 "$version_file")" == "$java_file" ]]; then
  version="$(tail -n 1 "$version_file")"
else
  version="$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)"
  # An installation may be read-only.
  { mkdir -p "$target" && printf '%s\n%s\n' "$java_file" "$version" > "$version_file"; } 2> /dev/null || true
fi
[[ "${version:-0}" -ge 17 ]] || fail "Orrery needs Java 17 or later; $java is version ${version:-unknown}."

# A build is over before Java's better compiler pays off.
export MAVEN_OPTS="${MAVEN_OPTS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}"

need_maven() {
  command -v mvn > /dev/null || fail "There is no mvn. Orrery is built with Maven 3.8 or later: https://maven.apache.org"
}

# Later versions of Java have a console even where there is no terminal, unless told otherwise; then files would get colours and
# progress bars. And they warn of Pekko's use of sun.misc.Unsafe, unless they are told that it is meant.
flags=(-Djdk.console=java.base)
if [[ "$version" -ge 24 ]]; then
  flags+=(--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED)
fi

stale() {
  ! $released || return 1
  [[ ! -f "$stamp" || ! -f "$jar" ]] ||
    [[ -f "$archive" && "$jar" -nt "$archive" ]] ||
    [[ -n "$(find "$root/pom.xml" "$root/src/main" "$root/src/site/markdown/consistency.md" -newer "$stamp" -print -quit)" ]]
}

build() {
  need_maven
  mkdir -p "$target"
  # Of two that start at once, one builds and the other waits, where the system has locks.
  exec 9> "$target/build.lock"
  if command -v flock > /dev/null; then
    flock 9
  fi
  if stale; then
    printf 'Building Orrery (once, and after a change)...\n' >&2
    trap 'printf "\nThe build was interrupted, and nothing is lost: the next command begins it again.\n" >&2; exit 130' INT
    # As of now: what changes while Maven runs is built the next time.
    touch "$stamp.new"
    dots=
    if [[ -t 2 ]]; then
      # A first build takes minutes, and should not look like one that hangs.
      (while sleep 2 && kill -0 $$ 2> /dev/null; do printf '.' >&2; done) 9>&- &
      dots=$!
      disown "$dots"
    fi
    if ! (cd "$root" && mvn -q -B -DskipTests -Dspotless.check.skip package) > "$target/build.log" 2>&1; then
      cat "$target/build.log" >&2
      fail "The build failed; what Maven said is above."
    fi
    [[ -z "$dots" ]] || { kill "$dots" || true; printf '\n' >&2; }
    trap - INT
    mv -f "$stamp.new" "$stamp"
  fi
  exec 9>&-
}

if [[ "${1:-}" == test ]]; then
  ! $released || fail "The tests are not part of a release; they are where the source is."
  need_maven
  cd "$root"
  shift
  # What takes longer than a coffee is left out unless it is asked for.
  if [[ "${1:-}" == --long ]]; then
    shift
    set -- -Dtests.excluded=none "$@"
  fi
  # What is tested is also built: the next command need not.
  mkdir -p "$target"
  touch "$stamp.new"
  # Unit tests run in another order each time: none may count on what another has left behind.
  if [[ "$*" != *-Dsurefire.runOrder.random.seed=* ]]; then
    order="$(date +%s)"
    printf 'Unit tests run in the order of seed %s; to repeat it: ./run.sh test -Dsurefire.runOrder.random.seed=%s\n' \
      "$order" "$order"
    set -- "-Dsurefire.runOrder.random.seed=$order" "$@"
  fi
  mvn -B verify "$@"
  mv -f "$stamp.new" "$stamp"
  exit
fi

if stale; then
  build
fi

# Commands that ask a running server are over before a better compiler pays off, and one that shows files needs none.
case "${1:-}" in
  # What allocates much and answers nobody meanwhile is quickest with the collector that stops the world.
  "" | sim | sweep | sweep-worker | shrink | check)
    flags+=(-XX:+UseParallelGC)
    ;;
  bench)
    flags+=(-XX:+UseParallelGC)
    if [[ "${2:-}" == check ]]; then
      flags+=(-Xmx1g)
    fi
    ;;
  # Servers are ready in half the time where what is run often is compiled later than usual: at the start nothing is.
  node | serve)
    # One whose heap is full cannot answer, nor end in order: it ends at once, with exit code 3.
    flags+=(-XX:CompileThresholdScaling=5 -XX:+ExitOnOutOfMemoryError)
    ;;
  # It starts JVMs too, relays what they say, and judges long histories.
  soak)
    flags+=(-XX:+UseSerialGC)
    ;;
  # It starts JVMs and watches them.
  cluster)
    flags+=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m)
    ;;
  version | --version | -V | help | --help | -h | completion | reports | backup | restore | verify | put | get | delete | status | data | watch | link | partition | isolate | heal | crash | wipe | restart | pause | resume | slow-disk | repair-disk)
    flags+=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
    ;;
esac

# Tables fit a terminal.
if [[ -t 1 ]] && size="$(stty size 2> /dev/null < /dev/tty)" && [[ "${size#* }" -gt 0 ]]; then
  flags+=(-Dorrery.columns="${size#* }")
fi

if [[ -f "$archive" ]]; then
  flags+=(-XX:SharedArchiveFile="$archive" '-Xlog:cds*=off')
fi

exec "$java" "${flags[@]}" -Dorrery.home="$root" -Djava.library.path="$target/native" -cp "$jar:$lib/*" io.orrery.cli.Main "$@"
