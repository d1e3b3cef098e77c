package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The logs of all origins: which writes are known, and of these the ones that no other has superseded. */
final class OriginLogs implements KnownWrites {
    /** Sorted by origin, so that everything made from it comes in the same order in each run. */
    private final List<OriginLog> logs = new ArrayList<>();

    private VersionVector known = VersionVector.EMPTY;
    /** The logs whose prefix has grown since the vector was made. */
    private final List<OriginLog> grown = new ArrayList<>();

    /** Where the islands begin that are told next. */
    private int nextIsland;

    /** The place of the log that was asked for last. */
    private int lastAt;

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

    @Override
    public long nextSequence(Origin origin) {
        OriginLog log = find(origin);
        return 1 + (log == null ? origin.before() : log.highest());
    }

    @Override
    public int aheadOf(Origin origin) {
        OriginLog log = find(origin);
        return log == null ? 0 : log.aheadCount();
    }

    @Override
    public long ahead() {
        long ahead = 0;
        for (OriginLog log : logs) {
            ahead += log.aheadCount();
        }
        return ahead;
    }

    @Override
    public Origin lastOf(NodeId node) {
        Origin last = null;
        for (OriginLog log : logs) {
            last = log.origin().node().equals(node) ? log.origin() : last;
        }
        return last;
    }

    @Override
    public long missingOf(NodeId node, VersionVector other) {
        long missing = 0;
        for (int i = 0; i < other.size(); i++) {
            Origin origin = other.originAt(i);
            missing += origin.node().equals(node) ? Math.max(0, other.countAt(i) - prefix(origin)) : 0;
        }
        return missing;
    }

    @Override
    public boolean isCoveredBy(Summary other, NodeId node) {
        return logs.stream()
                .filter(log -> log.origin().node().equals(node))
                .allMatch(log -> log.aheadCount() == 0 && other.prefix().get(log.origin()) >= log.prefix());
    }

    @Override
    public VersionVector known() {
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
        for (OriginLog log : logs) {
            boolean isFolded = log.aheadCount() == 0 && hasSuccessor(log) && isEverywhere.test(log.origin());
            if (isFolded && !log.isFolded()) {
                known = known().without(log.origin());
            } else if (!isFolded && log.isFolded()) {
                grew(log);
            }
            log.setFolded(isFolded);
        }
    }

    @Override
    public boolean hasFoldedOf(VersionVector named) {
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

    @Override
    public boolean isShown(Dot dot) {
        return kept(dot) != null;
    }

    /** The write with this dot, where it is the one that its key shows; else null. */
    StoredWrite kept(Dot dot) {
        OriginLog log = find(dot.origin());
        return log == null ? null : log.kept(dot.sequence());
    }

    /**
     * A write is known now, which was not.
     *
     * @param shown the write, where its key shows it; else null
     */
    void add(Dot dot, StoredWrite shown) {
        OriginLog log = log(dot.origin());
        if (log.add(dot.sequence(), shown)) {
            grew(log);
        }
    }

    /** A write is no longer the one that its key shows. */
    void supersede(Dot dot) {
        log(dot.origin()).supersede(dot.sequence());
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

    @Override
    public Summary allKnown(int islands, VersionVector after) {
        VersionVector.Builder all = new VersionVector.Builder();
        List<Range> told = new ArrayList<>();
        for (OriginLog log : logs) {
            all.add(log.origin(), log.prefix());
            log.islands(after.get(log.origin()), islands, told);
        }
        return new Summary(all.build(), told);
    }

    @Override
    public Summary knownInTurn(int islands) {
        List<Range> all = new ArrayList<>(allKnown(Integer.MAX_VALUE).islands());
        if (all.size() > islands) {
            Collections.rotate(all, -nextIsland);
            nextIsland = (nextIsland + islands) % all.size();
        }
        return new Summary(known(), all.subList(0, Math.min(islands, all.size())));
    }

    @Override
    public boolean knows(Summary other) {
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

    @Override
    public List<Range> gapsOf(NodeId node) {
        List<Range> gaps = new ArrayList<>();
        for (OriginLog log : logs) {
            if (log.origin().node().equals(node)) {
                log.gaps(gaps);
            }
        }
        return gaps;
    }

    /** The first gap in what is known of others than this node; null when there is none. */
    SuspectedGap firstGap(NodeId self) {
        for (OriginLog log : logs) {
            if (log.aheadCount() > 0 && !log.origin().node().equals(self)) {
                return new SuspectedGap(log.origin(), log.prefix());
            }
        }
        return null;
    }

    @Override
    public DisseminationMessage.Delta collect(
            DisseminationMessage.Fetch fetch, Origin self, int mostWrites, int islands, Function<Dot, Value> values) {
        Summary there = fetch.known();
        RangeSet islandsThere = new RangeSet(there.islands());
        Batch batch = new Batch(mostWrites);
        VersionVector reached = fetch.scanned();
        for (OriginLog log : logs) {
            Origin origin = log.origin();
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

    /** After a crash: how far an origin was known. */
    void recover(AppliedProgress appliedProgress) {
        OriginLog log = log(appliedProgress.origin());
        log.recover(appliedProgress.upTo());
        grew(log);
    }

    /**
     * After a crash: a write that its key shows, given in the order of sequences when all progress is known. Returns whether it
     * was found beyond that progress.
     */
    boolean recover(StoredWrite write) {
        OriginLog log = log(write.dot().origin());
        boolean isBeyond = log.recover(write);
        grew(log);
        return isBeyond;
    }

    /** What is known of an origin, to be read only; null when nothing is: clients may ask for any number of those. */
    private OriginLog find(Origin origin) {
        int at = placeOf(origin);
        return at < 0 ? null : logs.get(at);
    }

    /** What is known of an origin, to be added to. */
    private OriginLog log(Origin origin) {
        int at = placeOf(origin);
        if (at < 0) {
            at = -at - 1;
            logs.add(at, new OriginLog(origin));
        }
        return logs.get(at);
    }

    /** The place of an origin's log; where there is none, {@code -place - 1} of where it belongs, as in a binary search. */
    private int placeOf(Origin origin) {
        // Writes of one origin tend to come in runs, and vectors name origins in this order.
        if (isAt(lastAt, origin)) {
            return lastAt;
        }
        int at = isAt(lastAt + 1, origin) ? lastAt + 1 : search(origin);
        lastAt = Math.max(at, 0);
        return at;
    }

    private boolean isAt(int place, Origin origin) {
        return place < logs.size() && logs.get(place).origin().equals(origin);
    }

    private int search(Origin origin) {
        int low = 0;
        int high = logs.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = logs.get(middle).origin().compareTo(origin);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -low - 1;
    }
}
