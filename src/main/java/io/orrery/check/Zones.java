package io.orrery.check;

import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Linearizability of one register whose reads name the writes that they saw: Gibbons and Korach, "Testing shared
 * memories", SIAM J. Comput. 1997, section 4, in time n log n.
 *
 * <p>A write and the reads of it are a cluster, which every linearization keeps together. Let f be the first completion
 * in a cluster and s its last invocation. If f comes before s, the cluster is on from f to s (a forward zone), and no
 * other can be on meanwhile; else all its operations overlap, and it needs one moment between s and f (a backward
 * zone). There is a linearization if and only if no read completes before its write is invoked, no two forward zones
 * overlap, and no backward zone lies within a forward zone. In other words: no two clusters each of which has to come
 * before the other.
 *
 * <p>A write of unknown outcome never completes if it was read, and is left out otherwise. Versions, where they are
 * known, order the clusters that have them: none of these may end before one of a lower version begins, nor have to
 * come after a cluster without a version that has to come after it.
 */
final class Zones {
    private static final int START = -1;

    private final ReadsFrom reads;
    private final int[] clusters;
    /** By place in {@link #reads}, the last element for the initial value: f and s, and the operations that have them. */
    private final int[] firstCompletion;

    private final int[] lastInvocation;
    private final int[] firstCompleted;
    private final int[] lastInvoked;
    private final int none;

    private Zones(ReadsFrom reads, Scratch scratch, int[] clusters) {
        this.reads = reads;

        this.clusters = clusters;
        none = reads.ops.size();
        firstCompletion = scratch.firstCompletion;
        lastInvocation = scratch.lastInvocation;
        firstCompleted = scratch.firstCompleted;
        lastInvoked = scratch.lastInvoked;
    }

    /** Arrays for all keys, of which each uses its own cells (and the last one in its turn). */
    static final class Scratch {
        private final int[] firstCompletion;
        private final int[] lastInvocation;
        private final int[] firstCompleted;
        private final int[] lastInvoked;

        Scratch(int operations) {
            firstCompletion = new int[operations + 1];
            lastInvocation = new int[operations + 1];
            firstCompleted = new int[operations + 1];
            lastInvoked = new int[operations + 1];
        }
    }

    /**
     * Looks at one key.
     *
     * @param members the operations on it, as places in {@code reads}; it must be known which write each read saw
     * @return the witness of a violation, or null
     */
    static Witness check(ReadsFrom reads, int[] members, Scratch scratch) {
        int none = reads.ops.size();
        int[] clusters = Arrays.copyOf(members, members.length + 1);
        int count = 0;
        Zones zones = new Zones(reads, scratch, clusters);
        for (int i : members) {
            if (!reads.ops.get(i).isRead()) {
                zones.begin(i, reads.ops.get(i).completedAt(), reads.ops.get(i).invokedAt(), i);
                clusters[count++] = i;
            }
        }
        zones.begin(none, START, START - 1, START);
        for (int i : members) {
            if (reads.ops.get(i).isRead()) {
                Witness early = zones.join(i, reads.source[i] < 0 ? none : reads.source[i]);
                if (early != null) {
                    return early;
                }
            }
        }
        if (zones.lastInvocation[none] > START) {
            clusters[count++] = none;
        }
        return new Zones(reads, scratch, Arrays.copyOf(clusters, count)).judge();
    }

    private void begin(int cluster, int completedAt, int invokedAt, int op) {
        firstCompletion[cluster] = completedAt;
        lastInvocation[cluster] = invokedAt;
        firstCompleted[cluster] = op;
        lastInvoked[cluster] = op;
    }

    private Witness join(int read, int cluster) {
        Op op = reads.ops.get(read);
        if (cluster != none && op.completedAt() < reads.ops.get(cluster).invokedAt()) {
            Op write = reads.ops.get(cluster);
            return Witness.of(
                    "ReadBeforeWrite",
                    op.words() + ", and was done before anybody began to write that: \"" + write.words()
                            + "\" began later.",
                    List.of(op, write));
        }
        if (op.completedAt() < firstCompletion[cluster]) {
            firstCompletion[cluster] = op.completedAt();
            firstCompleted[cluster] = read;
        }
        if (op.invokedAt() > lastInvocation[cluster]) {
            lastInvocation[cluster] = op.invokedAt();
            lastInvoked[cluster] = read;
        }
        return null;
    }

    private Witness judge() {
        int[] versioned = versioned();
        Witness byVersion = judgeVersions(versioned);
        if (byVersion != null) {
            return byVersion;
        }
        int[] others = Arrays.stream(clusters)
                .filter(c -> c != none && reads.version(c) == null && firstCompletion[c] < Op.NEVER)
                .toArray();
        if (versioned.length > 0 && others.length == 0) {
            // The versions give the order, and it fits.
            return null;
        }
        Witness pair = judgePairs();
        return pair != null ? pair : judgeBetween(versioned, others);
    }

    /** Two clusters each of which has to come before the other. */
    private Witness judgePairs() {
        Integer[] forward = Arrays.stream(clusters)
                .filter(c -> firstCompletion[c] < lastInvocation[c])
                .boxed()
                .sorted(Comparator.comparingInt(c -> firstCompletion[c]))
                .toArray(Integer[]::new);
        for (int z = 1; z < forward.length; z++) {
            if (firstCompletion[forward[z]] < lastInvocation[forward[z - 1]]) {
                return contradiction("OverlappingZones", forward[z - 1], forward[z], false);
            }
        }
        for (int c : clusters) {
            int around = lastInvocation[c] < firstCompletion[c] ? zoneBefore(forward, lastInvocation[c]) : -1;
            if (around >= 0 && firstCompletion[c] < lastInvocation[forward[around]]) {
                return contradiction("ZoneWithinZone", forward[around], c, false);
            }
        }
        return null;
    }

    /** The last forward zone that begins before an event, or -1. */
    private int zoneBefore(Integer[] forward, int event) {
        int low = 0;
        int high = forward.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (firstCompletion[forward[middle]] < event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The clusters whose versions are known, from the lowest. */
    private int[] versioned() {
        return Arrays.stream(clusters)
                .filter(c -> c != none && reads.version(c) != null)
                .boxed()
                .sorted(Comparator.comparing(reads::version))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private Witness judgeVersions(int[] versioned) {
        if (versioned.length == 0) {
            return null;
        }
        boolean startWasRead = clusters[clusters.length - 1] == none;
        int latest = startWasRead ? none : -1;
        for (int c : versioned) {
            if (latest >= 0 && firstCompletion[c] < lastInvocation[latest]) {
                return contradiction("VersionsAgainstTime", latest, c, true);
            }
            if (latest < 0 || lastInvocation[c] > lastInvocation[latest]) {
                latest = c;
            }
        }
        return null;
    }

    /**
     * A cluster without a version that has to come after one and before another of a lower version. With {@link #judgePairs}
     * and {@link #judgeVersions} this finds every circle: where one goes twice through "ended before the other began", it
     * can be cut short, unless both times it is to and from one cluster.
     */
    private Witness judgeBetween(int[] versioned, int[] others) {
        int n = versioned.length;
        Integer[] byEnd = byPlace(n, v -> firstCompletion[versioned[v]]);
        Integer[] byStart = byPlace(n, v -> lastInvocation[versioned[v]]);
        int[] highest = new int[n];
        int[] lowest = new int[n + 1];
        lowest[n] = n;
        for (int i = 0; i < n; i++) {
            highest[i] = Math.max(byEnd[i], i == 0 ? -1 : highest[i - 1]);
        }
        for (int i = n - 1; i >= 0; i--) {
            lowest[i] = Math.min(byStart[i], lowest[i + 1]);
        }
        for (int c : others) {
            int ended = below(n, i -> firstCompletion[versioned[byEnd[i]]] < lastInvocation[c]);
            int begun = below(n, i -> lastInvocation[versioned[byStart[i]]] < firstCompletion[c]);
            if (ended > 0 && begun < n && highest[ended - 1] > lowest[begun]) {
                return between(versioned[highest[ended - 1]], c, versioned[lowest[begun]]);
            }
        }
        return null;
    }

    private static Integer[] byPlace(int n, IntUnaryOperator event) {
        return IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingInt(event::applyAsInt))
                .toArray(Integer[]::new);
    }

    /** How many from 0 on pass a test that some first ones pass, and no others. */
    private static int below(int n, IntPredicate test) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = low + high >>> 1;
            if (test.test(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Witness between(int newer, int middle, int older) {
        Before one = befores(newer, middle).get(0);
        Before two = befores(middle, older).get(0);
        Set<Integer> shown = new TreeSet<>(List.of(
                newer, middle, older, one.first, one.second, two.first, two.second, teller(newer), teller(older)));
        shown.removeAll(List.of(none, START));
        return Witness.of(
                "VersionsAgainstTime",
                order(one, newer, middle) + ", and " + order(two, middle, older) + "; but " + words(newer)
                        + " has the higher version, so it came after " + words(older) + ".",
                shown.stream().map(reads.ops::get).toList());
    }

    /** Two operations, the first of which ended before the second began. */
    private record Before(int first, int second) {}

    private Witness contradiction(String pattern, int a, int b, boolean byVersion) {
        Before best1 = null;
        Before best2 = null;
        int fewest = Integer.MAX_VALUE;
        for (Before one : byVersion ? List.of(new Before(a, b)) : befores(a, b)) {
            for (Before two : befores(b, a)) {
                Set<Integer> all = new TreeSet<>(List.of(a, b, one.first, one.second, two.first, two.second));
                if (all.size() < fewest) {
                    fewest = all.size();
                    best1 = one;
                    best2 = two;
                }
            }
        }
        String first =
                byVersion ? words(b) + " has the higher version, so it came after " + words(a) : order(best1, a, b);
        Set<Integer> shown = new TreeSet<>(List.of(a, b, best1.first, best1.second, best2.first, best2.second));
        if (byVersion) {
            shown.add(teller(a));
            shown.add(teller(b));
        }
        shown.removeAll(List.of(none, START));
        List<Op> ops = shown.stream().map(reads.ops::get).toList();
        return Witness.of(pattern, inShort(best2, b) + first + "; but " + order(best2, b, a) + ".", ops);
    }

    /** The short explanation for a read of an overwritten value. */
    private String inShort(Before contradicting, int newer) {
        int late = contradicting.second;
        if (newer == none || late < 0 || late == none || !reads.ops.get(late).isRead()) {
            return "";
        }
        return reads.ops.get(late).words() + ", which " + words(newer) + " had overwritten: ";
    }

    /** The pairs that put one cluster before another; those of the writes themselves come first. */
    private List<Before> befores(int a, int b) {
        List<Before> found = new ArrayList<>();
        for (int first : new int[] {a, firstCompleted[a]}) {
            for (int second : new int[] {b, lastInvoked[b]}) {
                if (completion(first) < invocation(second)) {
                    found.add(new Before(first, second));
                }
            }
        }
        return found;
    }

    private int completion(int i) {
        return i == none || i == START ? START : reads.ops.get(i).completedAt();
    }

    private int invocation(int i) {
        return i == none || i == START ? START - 1 : reads.ops.get(i).invokedAt();
    }

    private String order(Before pair, int a, int b) {
        return words(pair.first) + " ended before " + words(pair.second) + " began, so " + content(a) + " came before "
                + content(b);
    }

    /** The read by which the version of a write is known whose client never learned it; START where there is none. */
    private int teller(int cluster) {
        boolean learned = cluster != none && reads.ops.get(cluster).version() == null;
        return learned ? reads.teller(cluster) : START;
    }

    private String words(int i) {
        if (i == none || i == START) {
            return "the start";
        }
        Op op = reads.ops.get(i);
        boolean learned = op.isWrite() && op.version() == null && reads.version(i) != null;
        return "\"" + (learned ? WitnessText.learned(op, reads.version(i)) : op.words()) + "\"";
    }

    private String content(int cluster) {
        return cluster == none ? "the initial value" : words(cluster);
    }
}
