package io.orrery.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The session guarantees of Terry et al., "Session guarantees for weakly consistent replicated data", PDIS 1994. A
 * session is a process.
 *
 * <p>Each guarantee says which writes to a key a read <em>must have</em>, and sometimes that one write comes before
 * another. For a read of key x by session p:
 * <ul>
 *   <li>read-your-writes: p's own earlier writes to x;
 *   <li>monotonic-reads: what p has read of x before;
 *   <li>monotonic-writes: for each write that the replica has, the writes to x that the same session issued before it, and
 *       if there are any and it is itself to x, that write too; and the writes of a session to one key come in the order in
 *       which they were issued;
 *   <li>writes-follow-reads: for each write that the replica has, the writes to x that the session of that write had read
 *       before it, and if there are any and it is itself to x, that write too; and a write comes after what its session
 *       had read of the same key.
 * </ul>
 * The replica has what the read saw, what p has read there before, and what the guarantee then says that it has, too. Of
 * an earlier read it is known that the replica was the same only where both recorded the same one.
 *
 * <p>The guarantee holds if the writes of each key can be ordered, those whose versions are known by version, so that each
 * read sees the last, in that order, of the writes that it must have, or a later one; the initial value comes before all
 * writes. But for monotonic-writes the order of a session's own writes to a key is no part of the guarantee. It is taken
 * for granted where no operation on the key has a version; where some have, what depends on it is undecided.
 *
 * <p>So defined, causal convergence implies all four: its order of writes is such an order.
 */
final class SessionFinder implements BadPattern.Finder {
    private final Model model;

    SessionFinder(Model model) {
        this.model = model;
    }

    @Override
    public boolean looksAtEachKeyAlone() {
        return model == Model.READ_YOUR_WRITES || model == Model.MONOTONIC_READS;
    }

    @Override
    public BadPattern find(Execution execution, BudgetMeter budgetMeter) {
        BadPattern found = new Search(execution, budgetMeter, true).find();
        if (found == null || model == Model.MONOTONIC_WRITES || !hasPartOfTheVersions(execution)) {
            return found;
        }
        BadPattern certain = new Search(execution, budgetMeter, false).find();
        if (certain == null) {
            throw new BudgetMeter.Spent(
                    Verdict.Cause.SCOPE,
                    model
                            + " is violated only if writes of one session to one key took effect in the order in which it "
                            + "issued them, and not all versions are known that would tell");
        }
        return certain;
    }

    private static boolean hasPartOfTheVersions(Execution execution) {
        for (int i = 0; i < execution.size(); i++) {
            if (execution.isWrite(i) && execution.rank[i] < 0 && execution.carriesVersions[execution.key[i]]) {
                return true;
            }
        }
        return false;
    }

    private final class Search {
        private final Execution execution;
        private final BudgetMeter budgetMeter;
        private final SessionWriteOrder order;
        private final WriteIndex writes;
        private final boolean inOrder;
        /** What each session has read of each key. */
        private final List<Map<Integer, RequiredWrites>> readings = new ArrayList<>();
        /** For each operation how far into each session the reads go that what it saw or wrote has to follow. */
        private int[] follows;
        /** The sessions, each with a key, of which versions show that their writes did not come in their own order. */
        private final Set<Long> outOfOrder = new HashSet<>();
        /** What the process at hand has seen at each replica. */
        private Map<Integer, Sight> sights;
        /** The write to each key that the next read of the process at hand must have, and the read that says so. */
        private Map<Integer, int[]> must;
        /** The own writes of the process at hand to each key. */
        private Map<Integer, RequiredWrites> own;

        /** @param inOrder whether a session's own writes to a key come in its order as far as versions do not deny it */
        Search(Execution execution, BudgetMeter budgetMeter, boolean inOrder) {
            this.execution = execution;
            this.budgetMeter = budgetMeter;
            this.inOrder = inOrder;
            order = new SessionWriteOrder(execution, model);
            writes = new WriteIndex(execution);
            collectOutOfOrder();
        }

        BadPattern find() {
            if (model == Model.WRITES_FOLLOW_READS) {
                collectReadings();
                collectFollowed();
            }
            for (int[] timeline : execution.timeline) {
                budgetMeter.look();
                sights = new HashMap<>();
                must = new HashMap<>();
                own = new HashMap<>();
                Map<Integer, Integer> ownWrite = new HashMap<>();
                for (int i : timeline) {
                    budgetMeter.step();
                    if (execution.isRead(i)) {
                        read(i);
                    } else {
                        Integer before = ownWrite.put(execution.key[i], i);
                        write(i, before == null ? -1 : before);
                    }
                    if (order.broken() != null) {
                        return order.broken();
                    }
                }
            }
            return order.cycle();
        }

        private void collectOutOfOrder() {
            Map<Long, Integer> last = new HashMap<>();
            for (int i = 0; i < execution.size(); i++) {
                if (execution.isWrite(i) && execution.rank[i] >= 0) {
                    Integer before = last.put(pair(execution.process[i], execution.key[i]), execution.rank[i]);
                    if (before != null && before > execution.rank[i]) {
                        outOfOrder.add(pair(execution.process[i], execution.key[i]));
                    }
                }
            }
        }

        private long pair(int session, int key) {
            return (long) session << 32 | key;
        }

        /** Whether a session is taken to have its writes to a key in its own order. */
        private boolean isInOrder(int session, int key) {
            return model == Model.MONOTONIC_WRITES
                    || !execution.carriesVersions[key]
                    || inOrder && !outOfOrder.contains(pair(session, key));
        }

        private void write(int write, int ownBefore) {
            int key = execution.key[write];
            if (ownBefore >= 0 && isInOrder(execution.process[write], key)) {
                order.add(ownBefore, write, -1, -1, -1);
            }
            if (model == Model.READ_YOUR_WRITES) {
                own.computeIfAbsent(key, k -> new RequiredWrites(execution, order))
                        .add(write, -1);
            } else if (model == Model.WRITES_FOLLOW_READS) {
                RequiredWrites read = readings.get(key).get(execution.process[write]);
                if (read != null) {
                    read.before(write, read.sizeAt(execution.seq[write]), -1, -1);
                }
            }
        }

        private void read(int read) {
            int key = execution.key[read];
            switch (model) {
                case READ_YOUR_WRITES -> {
                    RequiredWrites written = own.get(key);
                    if (written != null) {
                        written.before(execution.source[read], written.sizeAt(execution.seq[read]), read, -1);
                    }
                }
                case MONOTONIC_READS -> {
                    int[] before = must.get(key);
                    if (before != null) {
                        order.add(before[0], execution.source[read], read, before[1], -1);
                    }
                    if (execution.source[read] >= 0) {
                        must.put(key, new int[] {execution.source[read], read});
                    }
                }
                case MONOTONIC_WRITES -> haveIssuedBefore(read);
                case WRITES_FOLLOW_READS -> haveReadBefore(read);
                default -> throw new IllegalStateException(model + " is no session guarantee");
            }
        }

        /** What is known to be at the replica of this read, by what its session has seen there. */
        private Sight sight(int read) {
            int node = execution.node[read];
            return node < 0
                    ? new Sight(execution.timeline.length)
                    : sights.computeIfAbsent(node, n -> new Sight(execution.timeline.length));
        }

        private void haveIssuedBefore(int read) {
            Sight sight = sight(read);
            int seen = execution.source[read];
            if (seen >= 0) {
                sight.reach(execution.process[seen], execution.seq[seen] + 1, read);
            }
            int key = execution.key[read];
            for (int g = writes.groupsFrom(key); g < writes.groupsFrom(key + 1); g++) {
                int session = writes.process(g);
                int write = writes.last(g, sight.bound[session]);
                // The one write that was seen says nothing of an order, unless another came before it.
                boolean alone =
                        write >= 0 && execution.seq[write] == sight.bound[session] - 1 && write == writes.get(g, 0);
                if (write >= 0 && !alone) {
                    order.add(write, seen, read, sight.via[session], -1);
                }
            }
        }

        private void collectReadings() {
            for (int k = 0; k < execution.keys; k++) {
                readings.add(new TreeMap<>());
            }
            for (int i = 0; i < execution.size(); i++) {
                if (execution.isRead(i) && execution.source[i] >= 0) {
                    readings.get(execution.key[i])
                            .computeIfAbsent(execution.process[i], p -> new RequiredWrites(execution, order))
                            .add(execution.source[i], i);
                }
            }
        }

        /** A write follows the reads of its session before it, and what those writes follow that the reads saw. */
        private void collectFollowed() {
            int sessions = execution.timeline.length;
            follows = Relation.clocks(execution.size(), sessions);
            // Mostly a read comes after the write that it saw: two rounds will do then.
            for (boolean more = true; more; ) {
                more = false;
                budgetMeter.look();
                for (int i = 0; i < execution.size(); i++) {
                    int at = i * sessions;
                    int seq = execution.seq[i];
                    if (seq > 0) {
                        more |= join(execution.timeline[execution.process[i]][seq - 1] * sessions, at);
                    }
                    int seen = execution.source[i];
                    if (seen >= 0) {
                        more |= join(seen * sessions, at);
                        int its = at + execution.process[seen];
                        more |= follows[its] < execution.seq[seen];
                        follows[its] = Math.max(follows[its], execution.seq[seen]);
                    }
                }
            }
        }

        private boolean join(int from, int to) {
            boolean more = false;
            for (int p = 0; p < execution.timeline.length; p++) {
                if (follows[from + p] > follows[to + p]) {
                    follows[to + p] = follows[from + p];
                    more = true;
                }
            }
            return more;
        }

        private void haveReadBefore(int read) {
            Sight sight = sight(read);
            int seen = execution.source[read];
            int key = execution.key[read];
            if (seen >= 0) {
                int sessions = execution.timeline.length;
                for (int p = 0; p < sessions; p++) {
                    sight.reach(p, follows[seen * sessions + p], read);
                }
                sight.reach(execution.process[seen], execution.seq[seen], read);
                RequiredWrites before = readings.get(key).get(execution.process[seen]);
                if (before != null && before.sizeAt(execution.seq[seen]) > 0) {
                    addFollower(sight, seen, read);
                }
            }
            readings.get(key).forEach((session, reading) -> {
                if (sight.bound[session] > 0) {
                    reading.before(seen, reading.sizeAt(sight.bound[session]), read, sight.via[session]);
                    for (int[] follower : sight.followers.getOrDefault(pair(session, key), List.of())) {
                        order.add(follower[0], seen, read, follower[1], reading.firstRead());
                    }
                }
            });
        }

        /** Of writes whose order is known only the last is kept. */
        private void addFollower(Sight sight, int write, int read) {
            int session = execution.process[write];
            int key = execution.key[write];
            List<int[]> known = sight.followers.computeIfAbsent(pair(session, key), k -> new ArrayList<>());
            for (int[] other : known) {
                boolean versioned = execution.rank[write] >= 0 && execution.rank[other[0]] >= 0;
                if (other[0] == write || versioned || isInOrder(session, key)) {
                    boolean later = versioned
                            ? execution.rank[write] > execution.rank[other[0]]
                            : execution.seq[write] > execution.seq[other[0]];
                    if (later) {
                        other[0] = write;
                        other[1] = read;
                    }
                    return;
                }
            }
            known.add(new int[] {write, read});
        }
    }

    /** What a session knows to be at a replica, and by which of its reads. */
    private static final class Sight {
        /** How far into each session: what it issued, or had read, before that place. */
        private final int[] bound;

        private final int[] via;
        /** By session and key the writes that were seen whose session had read the key before, and a read of each. */
        private final Map<Long, List<int[]>> followers = new HashMap<>();

        Sight(int sessions) {
            bound = new int[sessions];
            via = new int[sessions];
        }

        void reach(int session, int place, int read) {
            if (place > bound[session]) {
                bound[session] = place;
                via[session] = read;
            }
        }
    }
}
