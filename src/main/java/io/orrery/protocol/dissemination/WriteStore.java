package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.protocol.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a replica holds: for each key the write that its protocol shows (mostly that with the highest version: last writer wins,
 * in the same order at every replica), and for each origin which of its writes are known.
 *
 * <p>Tombstones stay for good: a replica that was away could otherwise bring a deleted value back.
 */
final class WriteStore implements Applied {
    private final Map<Key, Kept> current = new HashMap<>();
    /** Sorted, so that everything made from it comes in the same order in each run. */
    private final SortedMap<Origin, OriginLog> logs = new TreeMap<>();

    /** Whether a write that comes takes the place of the one that its key shows. */
    private final BiPredicate<Kept, Kept> replaces;

    private final Predicate<Kept> isCurrent = write -> current.get(write.key()) == write;
    private int tombstones;
    private int onDisk;
    private long bytes;
    private VersionVector known = VersionVector.EMPTY;
    /** The logs whose prefix has grown since the vector was made. */
    private final List<OriginLog> grown = new ArrayList<>();

    /** Where the islands begin that are told next. */
    private int nextIsland;

    // The last log asked for: updates of one origin tend to come in runs.
    private OriginLog lastLog;
    private Origin lastOrigin;

    /** @param replaces whether the first, which comes, takes the place of the second, which its key shows */
    WriteStore(BiPredicate<Kept, Kept> replaces) {
        this.replaces = replaces;
    }

    /** The current write of a key, or null. */
    Kept get(Key key) {
        return current.get(key);
    }

    int keys() {
        return current.size() - tombstones;
    }

    int tombstones() {
        return tombstones;
    }

    /** How many of the writes have their values on disk. */
    int onDisk() {
        return onDisk;
    }

    /** About how much memory it takes. */
    long bytes() {
        return bytes;
    }

    /** About how much memory the write takes that a key shows; 0 where there is none. */
    long bytesOf(Key key) {
        Kept shown = current.get(key);
        return shown == null ? 0 : shown.heapBytes();
    }

    /** Whether the write with this dot is the current one of its key, and its value on disk. */
    boolean showsValueOf(Dot dot) {
        OriginLog log = find(dot.origin());
        return log != null && log.kept(dot.sequence()) instanceof OnDisk;
    }

    /** Whether a key shows the write with this dot. */
    boolean shows(Key key, Dot dot) {
        Kept shown = current.get(key);
        return shown != null && shown.dot().equals(dot);
    }

    /** Lets go of the value of a write that was brought and not taken in, unless it is here by another way. */
    void dropUnlessShown(Kept write, Values values) {
        if (write instanceof OnDisk && !shows(write.key(), write.dot())) {
            values.drop(write.dot());
        }
    }

    void forEach(Consumer<? super Kept> action) {
        current.values().forEach(action);
    }

    @Override
    public boolean knows(Dot dot) {
        OriginLog log = find(dot.origin());
        return log == null ? dot.sequence() <= dot.origin().before() : log.knows(dot.sequence());
    }

    @Override
    public long prefix(Origin origin) {
        OriginLog log = find(origin);
        return log == null ? origin.before() : log.prefix();
    }

    /** The next sequence that an origin has never used, as far as is known here. */
    long nextSequence(Origin origin) {
        OriginLog log = find(origin);
        return 1 + (log == null ? origin.before() : log.highest());
    }

    int aheadOf(Origin origin) {
        OriginLog log = find(origin);
        return log == null ? 0 : log.aheadCount();
    }

    /** The last origin of a node of which anything is known; null when there is none. */
    Origin lastOf(NodeId node) {
        Origin last = null;
        for (Origin origin : logs.keySet()) {
            last = origin.node().equals(node) ? origin : last;
        }
        return last;
    }

    /** How many writes of a node a vector counts that are not known here. */
    long missingOf(NodeId node, VersionVector other) {
        long missing = 0;
        for (int i = 0; i < other.size(); i++) {
            Origin origin = other.originAt(i);
            missing += origin.node().equals(node) ? Math.max(0, other.countAt(i) - prefix(origin)) : 0;
        }
        return missing;
    }

    /** Whether another knows all that is known here of a node's writes. */
    boolean isCoveredBy(Known other, NodeId node) {
        return logs.values().stream()
                .filter(log -> log.origin().node().equals(node))
                .allMatch(log -> log.aheadCount() == 0 && other.prefix().get(log.origin()) >= log.prefix());
    }

    /**
     * All writes known without a gap, for each origin, but for those that are {@linkplain #fold folded} away: who hears it
     * has all of those.
     */
    VersionVector known() {
        if (!grown.isEmpty()) {
            for (OriginLog log : grown) {
                known = known.with(log.origin(), log.prefix());
                log.setListed(false);
            }
            grown.clear();
        }
        return known;
    }

    /**
     * Names no more those origins in what is {@link #known} that are over, and whose writes all replicas have: else each start
     * of a replica would make it longer. One is over for this when a later one, which counts on from its end, has writes.
     *
     * @param isEverywhere whether all replicas have all that is known here of an origin
     */
    void fold(Predicate<Origin> isEverywhere) {
        for (OriginLog log : logs.values()) {
            boolean isFolded = log.aheadCount() == 0 && hasSuccessor(log) && isEverywhere.test(log.origin());
            if (isFolded && !log.isFolded()) {
                known = known().without(log.origin());
            } else if (!isFolded && log.isFolded()) {
                grew(log);
            }
            log.setFolded(isFolded);
        }
    }

    /** Whether a vector names an origin that is folded away here. */
    boolean hasFoldedOf(VersionVector named) {
        for (int i = 0; i < named.size(); i++) {
            OriginLog log = find(named.originAt(i));
            if (log != null && log.isFolded()) {
                return true;
            }
        }
        return false;
    }

    private boolean hasSuccessor(OriginLog log) {
        VersionVector named = known();
        for (int i = 0; i < named.size(); i++) {
            Origin later = named.originAt(i);
            boolean countsOn = later.before() >= log.prefix() && !later.equals(log.origin());
            if (countsOn && later.node().equals(log.origin().node())) {
                return true;
            }
        }
        return false;
    }

    private void grew(OriginLog log) {
        log.setFolded(false);
        if (!log.isListed()) {
            log.setListed(true);
            grown.add(log);
        }
    }

    /**
     * Takes in a write that is not known yet.
     *
     * @return null when the store shows the write now; else the newer write of the key, which it goes on to show
     */
    Kept take(Kept write) {
        Kept newer = place(write);
        OriginLog log = log(write.dot().origin());
        if (log.add(write)) {
            grew(log);
        }
        return newer;
    }

    /** The write of its key that the store would go on to show if it took in this one; null when it would show this one. */
    Kept newerThan(Write write) {
        Kept shown = current.get(write.key());
        return shown == null || replaces.test(write, shown) ? null : shown;
    }

    private Kept place(Kept write) {
        Kept before = current.get(write.key());
        if (before == null) {
            current.put(write.key(), write);
        } else if (replaces.test(write, before)) {
            current.put(write.key(), write);
            log(before.dot().origin()).supersede(before.dot().sequence());
            count(before, -1);
        } else {
            return before;
        }
        count(write, 1);
        return null;
    }

    private void count(Kept write, int sign) {
        tombstones += write.isTombstone() ? sign : 0;
        onDisk += write instanceof OnDisk ? sign : 0;
        bytes += sign * write.heapBytes();
    }

    /** Learns that a range is known: what is kept of it has been taken in. Returns whether the origin's prefix grew. */
    boolean cover(Range range) {
        OriginLog log = log(range.origin());
        boolean grew = log.cover(range.first(), range.last());
        if (grew) {
            grew(log);
        }
        return grew;
    }

    /** All that is known here, of origins that are folded away too, with this many islands at the most. */
    Known allKnown(int islands) {
        return allKnown(islands, VersionVector.EMPTY);
    }

    /** The same, with those islands only that lie after what the vector counts. */
    Known allKnown(int islands, VersionVector after) {
        VersionVector.Builder all = new VersionVector.Builder();
        List<Range> told = new ArrayList<>();
        logs.forEach((origin, log) -> {
            all.add(origin, log.prefix());
            log.islands(after.get(origin), islands, told);
        });
        return new Known(all.build(), told);
    }

    /** What is known here, with other islands each time where there are more: whoever listens has heard of all in the end. */
    Known knownInTurn(int islands) {
        List<Range> all = new ArrayList<>(allKnown(Integer.MAX_VALUE).islands());
        if (all.size() > islands) {
            Collections.rotate(all, -nextIsland);
            nextIsland = (nextIsland + islands) % all.size();
        }
        return new Known(known(), all.subList(0, Math.min(islands, all.size())));
    }

    /** Whether all that another knows is known here. */
    boolean knows(Known other) {
        VersionVector there = other.prefix();
        for (int i = 0; i < there.size(); i++) {
            if (prefix(there.originAt(i)) < there.countAt(i)) {
                return false;
            }
        }
        return other.islands().stream().allMatch(this::knowsAll);
    }

    private boolean knowsAll(Range range) {
        OriginLog log = find(range.origin());
        return log == null ? range.last() <= range.origin().before() : log.knowsAll(range.first(), range.last());
    }

    /** The gaps in what is known of a node's writes. */
    List<Range> gapsOf(NodeId node) {
        List<Range> gaps = new ArrayList<>();
        logs.forEach((origin, log) -> {
            if (origin.node().equals(node)) {
                log.gaps(gaps);
            }
        });
        return gaps;
    }

    /** The first gap in what is known of others than this node; null when there is none. */
    Arrivals.Suspect firstGap(NodeId self) {
        for (Map.Entry<Origin, OriginLog> entry : logs.entrySet()) {
            if (entry.getValue().aheadCount() > 0 && !entry.getKey().node().equals(self)) {
                return new Arrivals.Suspect(entry.getKey(), entry.getValue().prefix());
            }
        }
        return null;
    }

    /**
     * The answer to a fetch: what is current here and not known there, as much as one message holds.
     *
     * <p>An answer is complete only with all of it, however little was asked for: of a write that was superseded nothing
     * is kept but the fact that it is known, and who learns that fact must get the superseding write with it.
     *
     * @param mostWrites how many writes the answer may have
     * @param values those that are on disk
     */
    DisseminationMessage.Delta collect(
            DisseminationMessage.Fetch fetch, Origin self, int mostWrites, int islands, Function<Dot, Value> values) {
        Known there = fetch.known();
        Islands islandsThere = new Islands(there.islands());
        Batch batch = new Batch(mostWrites);
        VersionVector reached = fetch.scanned();
        for (Map.Entry<Origin, OriginLog> entry : logs.entrySet()) {
            Origin origin = entry.getKey();
            OriginLog log = entry.getValue();
            long after = Math.max(there.prefix().get(origin), fetch.scanned().get(origin));
            long end = log.collect(after, sequence -> !islandsThere.contains(origin, sequence), batch);
            // Never beyond the prefix: a gap there may be filled before the next part of the answer is asked for.
            reached = reached.with(origin, Math.max(after, Math.min(end, log.prefix())));
            if (end != Long.MAX_VALUE) {
                return new DisseminationMessage.Delta(
                        self, fetch.sender(), fetch.part(), batch.writes(values), reached, Optional.empty());
            }
        }
        return new DisseminationMessage.Delta(
                self, fetch.sender(), fetch.part(), batch.writes(values), reached, Optional.of(allKnown(islands)));
    }

    /** After a crash: a write that the journal remembers. */
    void recover(Kept write) {
        place(write);
    }

    /** After a crash: how far an origin was known. */
    void recover(Progress progress) {
        OriginLog log = log(progress.origin());
        log.recover(progress.upTo());
        grew(log);
    }

    /**
     * After a crash, when all that the journal remembers has been given.
     *
     * @return the origins of which a write was found beyond the progress that was found
     */
    List<Origin> recovered() {
        List<Origin> further = new ArrayList<>();
        current.values().stream()
                .sorted(Comparator.comparingLong(write -> write.dot().sequence()))
                .forEach(write -> {
                    OriginLog log = log(write.dot().origin());
                    if (log.recover(write)) {
                        further.add(log.origin());
                    }
                    grew(log);
                });
        return further.stream().distinct().sorted().toList();
    }

    /** What is known of an origin, to be read only; null when nothing is: clients may ask for any number of those. */
    private OriginLog find(Origin origin) {
        if (!origin.equals(lastOrigin)) {
            OriginLog log = logs.get(origin);
            if (log == null) {
                return null;
            }
            lastOrigin = origin;
            lastLog = log;
        }
        return lastLog;
    }

    /** What is known of an origin, to be added to. */
    private OriginLog log(Origin origin) {
        OriginLog log = find(origin);
        if (log == null) {
            log = new OriginLog(origin, isCurrent);
            logs.put(origin, log);
        }
        return log;
    }
}
