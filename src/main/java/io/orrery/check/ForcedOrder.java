package io.orrery.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A relation that grows by what reads force, and remembers why: each added edge rests on a chain of earlier ones. */
final class ForcedOrder {
    final Relation relation;
    private final Set<Long> known = new HashSet<>();
    private final List<Reason> reasons = new ArrayList<>();

    /**
     * Why an edge was added.
     *
     * @param read the read that forces it, or -1 where versions do
     * @param from where the chain begins on which it rests; -1 where it rests on nothing but the read
     * @param to where that chain ends
     */
    private record Reason(int read, int from, int to) {}

    ForcedOrder(Relation relation) {
        this.relation = relation;
    }

    /** Adds an edge that a read forces since one operation comes before another. */
    void add(int before, int after, int read, int from, int to) {
        if (known.add((long) before << 32 | after)) {
            relation.add(before, after);
            reasons.add(new Reason(read, from, to));
        }
    }

    /** The read that forces the edge, -1 where versions do, or -2 where it was not added. */
    int reason(int before, int after) {
        int edge = relation.edge(before, after);
        return edge < 0 ? -2 : reasons.get(edge).read();
    }

    /**
     * The operations of a path, or of a cycle, and all that its edges rest on; all operations where there is no time to
     * find out.
     */
    int[] withReasons(int[] path, boolean closed, BudgetMeter budgetMeter) {
        BitSet all = new BitSet();
        BitSet explained = new BitSet();
        ArrayDeque<Integer> open = new ArrayDeque<>();
        visit(path, closed, all, open);
        while (!open.isEmpty()) {
            if (budgetMeter.isOver()) {
                return relation.all();
            }
            int edge = open.poll();
            Reason reason = reasons.get(edge);
            if (!explained.get(edge) && reason.read() >= 0) {
                all.set(reason.read());
                if (reason.from() >= 0) {
                    // What held when the edge was added rests on earlier edges alone.
                    visit(relation.graph(edge).path(reason.from(), reason.to()), false, all, open);
                }
            }
            explained.set(edge);
        }
        return all.stream().toArray();
    }

    private void visit(int[] path, boolean closed, BitSet all, ArrayDeque<Integer> open) {
        Arrays.stream(path).forEach(all::set);
        for (int s = closed ? 0 : 1; s < path.length; s++) {
            int edge = relation.edge(path[s == 0 ? path.length - 1 : s - 1], path[s]);
            if (edge >= 0) {
                open.add(edge);
            }
        }
    }
}
