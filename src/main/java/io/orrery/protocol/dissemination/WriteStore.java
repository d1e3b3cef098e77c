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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a replica holds: for each key the write with the highest version (last writer wins; the same order at
 * every replica), and for each origin which of its writes are known.
 *
 * <p>Tombstones stay for good: a replica that was away could otherwise bring a deleted value back.
 */
final class WriteStore implements Applied {
    /** Of each origin of which there is no log: clients may ask for any number of those, and none is kept. */
    private static final OriginLog NOTHING = new OriginLog(Origin.of("nobody"), write -> false);

    private final Map<Key, Kept> current = new HashMap<>();
    /** Sorted, so that everything made from it comes in the same order in each run. */
    private final SortedMap<Origin, OriginLog> logs = new TreeMap<>();

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
        return find(dot.origin()).kept(dot.sequence()) instanceof OnDisk;
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
        return find(dot.origin()).knows(dot.sequence());
    }

    @Override
    public long prefix(Origin origin) {
        return find(origin).prefix();
    }

    /** The next sequence that an origin has never used, as far as is known here. */
    long nextSequence(Origin origin) {
        return find(origin).highest() + 1;
    }

    int aheadOf(Origin origin) {
        return find(origin).aheadCount();
    }

    /** All writes known without a gap, for each origin. */
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

    private void grew(OriginLog log) {
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
        return shown == null || write.version().compareTo(shown.version()) > 0 ? null : shown;
    }

    private Kept place(Kept write) {
        Kept before = current.get(write.key());
        if (before == null) {
            current.put(write.key(), write);
        } else if (write.version().compareTo(before.version()) > 0) {
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

    /** What is known here, fit for a message: with this many islands at the most. */
    Known known(int islands) {
        return known(islands, VersionVector.EMPTY);
    }

    /** The same, with those islands only that lie after what the vector counts. */
    Known known(int islands, VersionVector after) {
        List<Range> told = new ArrayList<>();
        logs.forEach((origin, log) -> log.islands(after.get(origin), islands, told));
        return new Known(known(), told);
    }

    /** The same, with other islands each time where there are more: whoever listens has heard of all in the end. */
    Known knownInTurn(int islands) {
        List<Range> all = new ArrayList<>(known(Integer.MAX_VALUE).islands());
        if (all.size() > islands) {
            Collections.rotate(all, -nextIsland);
            nextIsland = (nextIsland + islands) % all.size();
        }
        return new Known(known(), all.subList(0, Math.min(islands, all.size())));
    }

    /** Whether all that another knows is known here. */
    boolean knows(Known other) {
        return known().covers(other.prefix())
                && other.islands().stream()
                        .allMatch(island -> find(island.origin()).knowsAll(island.first(), island.last()));
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
    Dissemination.Suspect firstGap(NodeId self) {
        for (Map.Entry<Origin, OriginLog> entry : logs.entrySet()) {
            if (entry.getValue().aheadCount() > 0 && !entry.getKey().node().equals(self)) {
                return new Dissemination.Suspect(
                        entry.getKey(), entry.getValue().prefix());
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
                self, fetch.sender(), fetch.part(), batch.writes(values), reached, Optional.of(known(islands)));
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

    /** After a crash, when all that the journal remembers has been given. */
    void recovered() {
        current.values().stream()
                .sorted(Comparator.comparingLong(write -> write.dot().sequence()))
                .forEach(write -> {
                    OriginLog log = log(write.dot().origin());
                    log.recover(write);
                    grew(log);
                });
    }

    /** What is known of an origin, to be read only. */
    private OriginLog find(Origin origin) {
        if (!origin.equals(lastOrigin)) {
            OriginLog log = logs.get(origin);
            if (log == null) {
                return NOTHING;
            }
            lastOrigin = origin;
            lastLog = log;
        }
        return lastLog;
    }

    /** What is known of an origin, to be added to. */
    private OriginLog log(Origin origin) {
        OriginLog log = find(origin);
        if (log == NOTHING) {
            log = new OriginLog(origin, isCurrent);
            logs.put(origin, log);
        }
        return log;
    }
}
