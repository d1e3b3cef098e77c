package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.protocol.GroupCheck;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaStatus.Standing;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.Role.Duty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The properties that hold at all times (paper, figure 3). Each is checked where something new could break it: an entry when it is
 * stored, against the first of its place and term and the term of the entry before, from which Log Matching follows by induction;
 * a leader when it is elected, against the last entry that was committed before; an entry when it is applied.
 */
final class RaftInvariants implements GroupCheck {
    static final NamedInvariant ELECTION_SAFETY =
            new NamedInvariant("election-safety", "At most one leader is elected in a term.");

    static final NamedInvariant LEADER_APPEND_ONLY = new NamedInvariant(
            "leader-append-only", "A leader never overwrites or deletes entries in its log; it only appends new ones.");

    static final NamedInvariant LOG_MATCHING = new NamedInvariant(
            "log-matching",
            "Two logs that have an entry of the same index and term have the same entries up to there.");

    static final NamedInvariant LEADER_COMPLETENESS = new NamedInvariant(
            "leader-completeness",
            "An entry that is committed in a term is in the logs of the leaders of all later terms.");

    static final NamedInvariant STATE_MACHINE_SAFETY = new NamedInvariant(
            "state-machine-safety", "No two replicas ever apply different entries at the same index.");

    static final List<NamedInvariant> ALL =
            List.of(ELECTION_SAFETY, LEADER_APPEND_ONLY, LOG_MATCHING, LEADER_COMPLETENESS, STATE_MACHINE_SAFETY);

    private static final long UNKNOWN = -1;

    private record Place(long index, long term) {}

    /** An entry, as it was stored first, and the term of the entry before; {@link #UNKNOWN} if that is in a snapshot. */
    private record First(NodeId at, LogEntry entry, long previousTerm) {}

    private record AppliedFirst(NodeId at, LogEntry entry) {}

    /** What the disk of a replica has of the log, and what the replica does. */
    private static final class Copy {
        private final TreeMap<Long, LogEntry> log = new TreeMap<>();
        private long snapshot;
        private long snapshotTerm;
        /** An entry that was overwritten since the last look; 0 if there is none. */
        private long overwritten;

        private long applied;
        /** The term in which it leads; 0 if it does not. */
        private long leadsIn;

        long term(long index) {
            LogEntry entry = log.get(index);
            return entry != null ? entry.term() : index == snapshot ? snapshotTerm : UNKNOWN;
        }

        boolean has(LogEntry entry) {
            return entry.index() <= snapshot || term(entry.index()) == entry.term();
        }
    }

    private final Findings findings;
    private final Map<NodeId, Copy> copies = new HashMap<>();
    private final Map<Long, NodeId> leaders = new HashMap<>();
    private final Map<Place, First> stored = new HashMap<>();
    private final Map<Long, AppliedFirst> applied = new HashMap<>();
    /** The last entry that was committed in each term. */
    private final TreeMap<Long, LogEntry> committed = new TreeMap<>();

    RaftInvariants(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void begins(NodeId replica) {
        copies.put(replica, new Copy());
    }

    @Override
    public void keeps(NodeId replica, JournalEntry entry) {
        Copy copy = copies.get(replica);
        if (entry instanceof LogEntry logged) {
            stores(replica, copy, logged);
        } else if (entry instanceof RaftEntry.Kept kept) {
            copy.snapshot = kept.index();
            copy.snapshotTerm = kept.term();
            if (kept.alone()) {
                copy.log.clear();
            }
        }
    }

    private void stores(NodeId replica, Copy copy, LogEntry entry) {
        Map<Long, LogEntry> replaced = copy.log.tailMap(entry.index(), true);
        if (!replaced.isEmpty()) {
            copy.overwritten = entry.index();
            replaced.clear();
        }
        copy.log.put(entry.index(), entry);
        First now = new First(replica, entry, copy.term(entry.index() - 1));
        First first = stored.putIfAbsent(new Place(entry.index(), entry.term()), now);
        if (first != null) {
            boolean isAlike = first.previousTerm == UNKNOWN
                    || now.previousTerm == UNKNOWN
                    || first.previousTerm == now.previousTerm;
            findings.require(
                    LOG_MATCHING,
                    isAlike && first.entry.equals(entry),
                    () -> replica + " has " + entry + " at " + entry.index() + " after an entry of term "
                            + now.previousTerm + ", and " + first.at + " has " + first.entry
                            + " of the same index and term after one of term " + first.previousTerm);
        }
    }

    @Override
    public void acted(NodeId replica, ReplicaView view) {
        Copy copy = copies.get(replica);
        Standing standing = view.status().standing().orElseThrow();
        if (standing.role().duty() == Duty.LEADS) {
            leads(replica, copy, standing.role().term());
        } else {
            copy.leadsIn = 0;
        }
        copy.overwritten = 0;
        // After a crash it may apply again what it had applied.
        for (long index = Math.min(copy.applied, standing.applied()) + 1; index <= standing.applied(); index++) {
            if (copy.log.containsKey(index)) {
                applies(replica, copy.log.get(index), standing.role().term());
            }
        }
        copy.applied = standing.applied();
    }

    private void leads(NodeId replica, Copy copy, long term) {
        if (copy.leadsIn == term) {
            findings.require(
                    LEADER_APPEND_ONLY,
                    copy.overwritten == 0,
                    () -> replica + ", the leader of term " + term + ", has overwritten entry " + copy.overwritten);
            return;
        }
        copy.leadsIn = term;
        NodeId other = leaders.putIfAbsent(term, replica);
        findings.require(
                ELECTION_SAFETY,
                other == null || other.equals(replica),
                () -> replica + " and " + other + " were both elected in term " + term);
        Map.Entry<Long, LogEntry> last = committed.lowerEntry(term);
        if (last != null) {
            isComplete(replica, copy, last.getValue(), last.getKey());
        }
    }

    private void isComplete(NodeId leader, Copy copy, LogEntry entry, long in) {
        findings.require(
                LEADER_COMPLETENESS,
                copy.has(entry),
                () -> leader + ", the leader of term " + copy.leadsIn + ", lacks entry " + entry.index() + " of term "
                        + entry.term() + ", which was committed in term " + in);
    }

    /** @param term that of the replica; the first that applies an entry is the leader that has committed it */
    private void applies(NodeId replica, LogEntry entry, long term) {
        AppliedFirst first = applied.putIfAbsent(entry.index(), new AppliedFirst(replica, entry));
        if (first != null) {
            findings.require(
                    STATE_MACHINE_SAFETY,
                    first.entry.equals(entry),
                    () -> replica + " has applied " + entry + " at " + entry.index() + ", and " + first.at + " "
                            + first.entry);
            return;
        }
        committed.put(term, entry);
        copies.forEach((other, copy) -> {
            if (copy.leadsIn > term) {
                isComplete(other, copy, entry, term);
            }
        });
    }
}
