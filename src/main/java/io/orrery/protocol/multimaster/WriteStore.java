package io.orrery.protocol.multimaster;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A multi-master replica's store: for each key the write with the highest version (last writer wins; the same order at
 * every replica), and for each origin which of its writes are known.
 *
 * <p>Tombstones stay for good: a replica that was away could otherwise bring a deleted value back.
 */
final class WriteStore {
    private final Map<Key, Write> current = new HashMap<>();
    /** Sorted, so that everything made from it comes in the same order in each run. */
    private final SortedMap<Origin, OriginLog> logs = new TreeMap<>();

    private final Predicate<Write> isCurrent = write -> current.get(write.key()) == write;
    private int tombstones;
    private VersionVector known = VersionVector.EMPTY;
    private boolean knownIsStale;

    // The last log asked for: updates of one origin tend to come in runs.
    private OriginLog lastLog;
    private Origin lastOrigin;

    /** The current write of a key, or null. */
    Write get(Key key) {
        return current.get(key);
    }

    int keys() {
        return current.size() - tombstones;
    }

    int tombstones() {
        return tombstones;
    }

    void forEach(Consumer<? super Write> action) {
        current.values().forEach(action);
    }

    boolean knows(Dot dot) {
        return log(dot.origin()).knows(dot.sequence());
    }

    long prefix(Origin origin) {
        return log(origin).prefix();
    }

    /** The next sequence that an origin has never used, as far as is known here. */
    long nextSequence(Origin origin) {
        return log(origin).highest() + 1;
    }

    int aheadOf(Origin origin) {
        return log(origin).aheadCount();
    }

    /** All writes known without a gap, for each origin. */
    VersionVector known() {
        if (knownIsStale) {
            Map<Origin, Long> prefixes = new TreeMap<>();
            logs.forEach((origin, log) -> prefixes.put(origin, log.prefix()));
            known = VersionVector.of(prefixes);
            knownIsStale = false;
        }
        return known;
    }

    /**
     * Takes in a write that is not known yet.
     *
     * @return null when the store shows the write now; else the newer write of the key, which it goes on to show
     */
    Write take(Write write) {
        Write newer = place(write);
        knownIsStale |= log(write.dot().origin()).add(write, isCurrent);
        return newer;
    }

    private Write place(Write write) {
        Write before = current.get(write.key());
        if (before == null) {
            current.put(write.key(), write);
        } else if (write.version().compareTo(before.version()) > 0) {
            current.put(write.key(), write);
            log(before.dot().origin()).supersede(before.dot().sequence());
            tombstones -= before.value().isEmpty() ? 1 : 0;
        } else {
            return before;
        }
        tombstones += write.value().isEmpty() ? 1 : 0;
        return null;
    }

    /** Learns that a range is known: what is kept of it has been taken in. Returns whether the origin's prefix grew. */
    boolean cover(Range range) {
        boolean grew = log(range.origin()).cover(range.first(), range.last(), isCurrent);
        knownIsStale |= grew;
        return grew;
    }

    /** The runs of writes that are known here ahead of gaps, up to a limit. */
    List<Range> islands(int limit) {
        List<Range> islands = new ArrayList<>();
        logs.values().forEach(log -> log.islands(limit, islands));
        return islands;
    }

    /** The runs of writes that a peer has and that are missing here, up to a limit. */
    List<Range> missing(VersionVector has, List<Range> islands, int limit) {
        List<Range> missing = new ArrayList<>();
        has.asMap().forEach((origin, count) -> log(origin).missing(1, count, limit, missing));
        islands.forEach(island -> log(island.origin()).missing(island.first(), island.last(), limit, missing));
        return missing;
    }

    /** The gaps that what came ahead of them has shown. */
    List<Range> gaps(int limit) {
        List<Range> gaps = new ArrayList<>();
        logs.values().forEach(log -> log.missing(1, log.highest(), limit, gaps));
        return gaps;
    }

    /** The answer to a fetch: as much of the ranges as is known here and as one batch can hold. */
    DisseminationMessage.Delta collect(List<Range> ranges, int batch) {
        List<Range> covered = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        for (Range range : ranges) {
            int room = batch - writes.size();
            log(range.origin()).collect(range.first(), range.last(), room, isCurrent, covered, writes);
        }
        return new DisseminationMessage.Delta(covered, writes);
    }

    /** After a crash: a write that the journal remembers. */
    void recover(Write write) {
        place(write);
    }

    /** After a crash: how far an origin was known. */
    void recover(Progress progress) {
        log(progress.origin()).recover(progress.upTo());
        knownIsStale = true;
    }

    /** After a crash, when all that the journal remembers has been given. */
    void recovered() {
        current.values().stream()
                .sorted(Comparator.comparingLong(write -> write.dot().sequence()))
                .forEach(write -> log(write.dot().origin()).recover(write, isCurrent));
        knownIsStale = true;
    }

    private OriginLog log(Origin origin) {
        if (origin.equals(lastOrigin)) {
            return lastLog;
        }
        OriginLog log = logs.get(origin);
        if (log == null) {
            log = new OriginLog(origin);
            logs.put(origin, log);
        }
        lastOrigin = origin;
        lastLog = log;
        return log;
    }
}
