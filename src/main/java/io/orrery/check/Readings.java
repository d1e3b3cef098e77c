package io.orrery.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each session has read of each key: the writes that its next write has to follow. */
final class Readings {
    private final Execution execution;
    private final WriteOrder order;
    private final List<Map<Integer, Row>> ofKey = new ArrayList<>();
    private final int[][] sessionsOf;

    /** The writes to one key that one session has read, each once, in the order of the first reads of them. */
    private static final class Row {
        private int[] write = new int[2];
        private int[] firstRead = new int[2];
        /** Where versions order the key: the highest so far. Else a node of the graph that comes after all so far. */
        private int[] upTo = new int[2];

        private int size;
        private final Map<Integer, Integer> place = new HashMap<>();

        void add(int seen, int read, int all) {
            if (size == write.length) {
                write = Arrays.copyOf(write, size * 2);
                firstRead = Arrays.copyOf(firstRead, size * 2);
                upTo = Arrays.copyOf(upTo, size * 2);
            }
            place.put(seen, size);
            write[size] = seen;
            firstRead[size] = read;
            upTo[size++] = all;
        }
    }

    Readings(Execution execution, WriteOrder order) {
        this.execution = execution;
        this.order = order;
        for (int k = 0; k < execution.keys; k++) {
            ofKey.add(new HashMap<>());
        }
        for (int session = 0; session < execution.timeline.length; session++) {
            for (int i : execution.timeline[session]) {
                if (execution.isRead(i) && execution.source[i] >= 0) {
                    add(session, i);
                }
            }
        }
        sessionsOf = ofKey.stream()
                .map(rows -> rows.keySet().stream()
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray())
                .toArray(int[][]::new);
    }

    private void add(int session, int read) {
        int seen = execution.source[read];
        Row row = ofKey.get(execution.key[read]).computeIfAbsent(session, s -> new Row());
        if (row.place.containsKey(seen)) {
            return;
        }
        int last = row.size == 0 ? -1 : row.upTo[row.size - 1];
        if (execution.rank[seen] >= 0) {
            row.add(seen, read, last >= 0 && execution.rank[last] > execution.rank[seen] ? last : seen);
        } else {
            row.add(seen, read, order.after(last, seen, read));
        }
    }

    /** The sessions that have read the key. */
    int[] sessionsOf(int key) {
        return sessionsOf[key];
    }

    /**
     * Puts what a session had read of the key before its operation number {@code bound} before a write, or before the
     * write that a read saw.
     */
    void before(int operation, int session, int bound, int read, int via) {
        Row row = ofKey.get(execution.key[operation]).get(session);
        int known = row == null ? 0 : sizeAt(row, bound);
        if (known == 0) {
            return;
        }
        int after = execution.isRead(operation) ? execution.source[operation] : operation;
        Integer itself = row.place.get(after);
        if (execution.rank[row.write[0]] >= 0) {
            int highest = row.upTo[known - 1];
            order.add(highest, after, read, via, row.firstRead[row.place.get(highest)]);
        } else if (after == ReadsFrom.INITIAL) {
            order.add(row.write[0], after, read, via, row.firstRead[0]);
        } else if (itself == null || itself >= known) {
            order.add(row.upTo[known - 1], after, read, via, -1);
        } else {
            if (itself > 0) {
                order.add(row.upTo[itself - 1], after, read, via, -1);
            }
            for (int i = itself + 1; i < known; i++) {
                order.add(row.write[i], after, read, via, row.firstRead[i]);
            }
        }
    }

    /** Whether the session of a write had read its key before. */
    boolean hadRead(int write) {
        Row row = ofKey.get(execution.key[write]).get(execution.process[write]);
        return row != null && sizeAt(row, execution.seq[write]) > 0;
    }

    /** Puts a write that follows a read of its own session before what another read saw. */
    void follow(int write, int read, int via) {
        Row row = ofKey.get(execution.key[write]).get(execution.process[write]);
        order.add(write, execution.source[read], read, via, row.firstRead[0]);
    }

    private int sizeAt(Row row, int bound) {
        int low = 0;
        int high = row.size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (execution.seq[row.firstRead[middle]] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
