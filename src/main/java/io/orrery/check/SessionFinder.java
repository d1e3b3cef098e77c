package io.orrery.check;

import java.util.HashMap;
import java.util.Map;

/**
 * The session guarantees of Terry et al., "Session guarantees for weakly consistent replicated data", PDIS 1994. A
 * session is a process.
 *
 * <p>Each guarantee says which writes to a key a read <em>must have</em>, and sometimes that one write comes before
 * another. For a read of key x by session p:
 * <ul>
 *   <li>read-your-writes: p's own earlier writes to x;
 *   <li>monotonic-reads: what p has read of x before;
 *   <li>monotonic-writes: for each write that p has seen, the writes to x that the same session issued before it, and if
 *       there are any and it is itself to x, that write too; and the writes of a session to one key come in the order in
 *       which they were issued;
 *   <li>writes-follow-reads: for each write that p has seen, the writes to x that the session of that write had read
 *       before it, and if there are any and it is itself to x, that write too; and a write comes after what its session
 *       had read of the same key.
 * </ul>
 * "Seen" is what the read itself or an earlier read of p saw. Terry et al. speak of what one server holds, so an earlier
 * read counts only where both asked the same replica; histories that record no replicas are taken to be of one.
 *
 * <p>The guarantee holds if the writes of each key can be ordered so that each read sees the last, in that order, of the
 * writes that it must have, or a later one; the initial value comes before all writes. Where every write to the key that
 * took effect has a version of its own, the order is that of the versions. Where not, any order will do that keeps the
 * order of each session's own writes to the key.
 *
 * <p>So defined, causal convergence implies all four: its order of writes is such an order.
 */
final class SessionFinder implements Finding.Finder {
    private final Model model;

    SessionFinder(Model model) {
        this.model = model;
    }

    @Override
    public Finding find(Execution execution, Meter meter) {
        return new Search(execution, meter).find();
    }

    private final class Search {
        private final Execution execution;
        private final Meter meter;
        private final WriteOrder order;
        private final WriteIndex writes;
        private final Readings readings;
        /** What the process at hand has seen at each replica. */
        private Map<Integer, Sight> sights;
        /** The write to each key that the next read of the process at hand must have, and the read that says so. */
        private Map<Integer, int[]> must;

        Search(Execution execution, Meter meter) {
            this.execution = execution;
            this.meter = meter;
            order = new WriteOrder(execution, model);
            writes = new WriteIndex(execution);
            readings = model == Model.WRITES_FOLLOW_READS ? new Readings(execution, order) : null;
        }

        Finding find() {
            for (int[] timeline : execution.timeline) {
                meter.look();
                sights = new HashMap<>();
                must = new HashMap<>();
                Map<Integer, Integer> ownWrite = new HashMap<>();
                for (int i : timeline) {
                    meter.step();
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

        private void write(int write, int ownBefore) {
            boolean byVersion = execution.rank[write] >= 0;
            if (ownBefore >= 0 && (!byVersion || model == Model.MONOTONIC_WRITES)) {
                order.add(ownBefore, write, -1, -1, -1);
            }
            if (model == Model.READ_YOUR_WRITES) {
                demand(write, -1);
            } else if (model == Model.WRITES_FOLLOW_READS) {
                readings.before(write, execution.process[write], execution.seq[write], -1, -1);
            }
        }

        private void read(int read) {
            switch (model) {
                case READ_YOUR_WRITES -> haveDemanded(read);
                case MONOTONIC_READS -> {
                    haveDemanded(read);
                    if (execution.source[read] >= 0) {
                        demand(execution.source[read], read);
                    }
                }
                case MONOTONIC_WRITES -> haveIssuedBefore(read);
                case WRITES_FOLLOW_READS -> haveReadBefore(read);
                default -> throw new IllegalStateException(model + " is no session guarantee");
            }
        }

        private void demand(int write, int via) {
            int[] now = must.get(execution.key[write]);
            // By version the highest counts; else the last, since each comes after the one before.
            if (now == null || execution.rank[write] < 0 || execution.rank[write] > execution.rank[now[0]]) {
                must.put(execution.key[write], new int[] {write, via});
            }
        }

        private void haveDemanded(int read) {
            int[] demanded = must.get(execution.key[read]);
            if (demanded != null) {
                order.add(demanded[0], execution.source[read], read, demanded[1], -1);
            }
        }

        /** What the session of this read has seen at the replica of this read, the read itself included. */
        private Sight sight(int read) {
            Sight sight = sights.computeIfAbsent(execution.node[read], node -> new Sight(execution.timeline.length));
            int seen = execution.source[read];
            if (seen >= 0 && sight.bound[execution.process[seen]] <= execution.seq[seen]) {
                sight.bound[execution.process[seen]] = execution.seq[seen] + 1;
                sight.via[execution.process[seen]] = read;
            }
            if (seen >= 0 && model == Model.WRITES_FOLLOW_READS && readings.hadRead(seen)) {
                int[] last = sight.last.computeIfAbsent(
                        pair(execution.process[seen], execution.key[read]), k -> new int[] {seen, read});
                boolean later = execution.rank[seen] >= 0
                        ? execution.rank[seen] > execution.rank[last[0]]
                        : execution.seq[seen] > execution.seq[last[0]];
                if (later) {
                    last[0] = seen;
                    last[1] = read;
                }
            }
            return sight;
        }

        private long pair(int session, int key) {
            return (long) session << 32 | key;
        }

        private void haveIssuedBefore(int read) {
            Sight sight = sight(read);
            int key = execution.key[read];
            for (int g = writes.groupsFrom(key); g < writes.groupsFrom(key + 1); g++) {
                int session = writes.process(g);
                int write = writes.last(g, sight.bound[session]);
                // The one write that was seen says nothing of an order, unless another came before it.
                boolean alone =
                        write >= 0 && execution.seq[write] == sight.bound[session] - 1 && write == writes.get(g, 0);
                if (write >= 0 && !alone) {
                    order.add(write, execution.source[read], read, sight.via[session], -1);
                }
            }
        }

        private void haveReadBefore(int read) {
            Sight sight = sight(read);
            for (int session : readings.sessionsOf(execution.key[read])) {
                if (sight.bound[session] > 0) {
                    readings.before(read, session, sight.bound[session], read, sight.via[session]);
                    int[] last = sight.last.get(pair(session, execution.key[read]));
                    if (last != null) {
                        readings.follow(last[0], read, last[1]);
                    }
                }
            }
        }
    }

    /** How far into each session some reads have seen, and the read that saw as far. */
    private static final class Sight {
        private final int[] bound;
        private final int[] via;
        /** The last write of a session to a key that was seen, and the read that saw it. */
        private final Map<Long, int[]> last = new HashMap<>();

        Sight(int sessions) {
            bound = new int[sessions];
            via = new int[sessions];
        }
    }
}
