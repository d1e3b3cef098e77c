package io.orrery.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The order of writes to each key that a session guarantee demands: a graph that must have no cycle. Known versions
 * order two writes directly.
 */
final class SessionWriteOrder {
    /** In the place of a cause: the versions of the two writes order them. */
    private static final int BY_VERSION = -2;

    private final Execution execution;
    private final Model guarantee;
    private final WitnessText witnessText;
    private final FingerprintSet known = new FingerprintSet();
    private int[][] edges = new int[64][];
    private int size;
    /** Nodes beyond the operations stand for all of several writes. */
    private int nodes;

    private BadPattern broken;

    SessionWriteOrder(Execution execution, Model guarantee) {
        this.execution = execution;
        this.guarantee = guarantee;
        witnessText = new WitnessText(execution);
        nodes = execution.size();
        addVersionOrder();
    }

    /** Where versions order all writes to a key no edge is ever asked for. */
    private void addVersionOrder() {
        boolean[] partly = new boolean[execution.keys];
        for (int i = 0; i < execution.size(); i++) {
            partly[execution.key[i]] |= execution.isWrite(i) && execution.rank[i] < 0;
        }
        int[] versioned = execution.byVersion();
        for (int v = 1; v < versioned.length; v++) {
            int key = execution.key[versioned[v]];
            if (partly[key] && key == execution.key[versioned[v - 1]]) {
                put(versioned[v - 1], versioned[v], -1, -1, BY_VERSION);
            }
        }
    }

    /**
     * A new node that comes after two others.
     *
     * @param cause the read that brought the first of them, if that is a write; else -1
     * @param read the read that brought the write, or -1
     */
    int after(int node, int cause, int write, int read) {
        put(write, nodes, -1, -1, read);
        put(node, nodes, -1, -1, cause);
        return nodes++;
    }

    /**
     * Says that a write comes before another.
     *
     * @param after the write, or {@link ReadsFrom#INITIAL}, which nothing comes before
     * @param read the read that saw {@code after} and must have {@code before}; -1 where the rule is on writes alone
     * @param via the earlier read by which it must have it, or -1
     * @param cause the read by another session that has to be followed, or -1
     */
    void add(int before, int after, int read, int via, int cause) {
        if (before == after) {
            return;
        }
        boolean byVersion =
                before < execution.size() && after >= 0 && execution.rank[before] >= 0 && execution.rank[after] >= 0;
        if (after == ReadsFrom.INITIAL || byVersion) {
            if (broken == null && (after < 0 || execution.rank[before] > execution.rank[after])) {
                broken = broken(new int[] {before, after, read, via, cause});
            }
        } else if (isNew((long) before << 32 | after)) {
            put(before, after, read, via, cause);
        }
    }

    private boolean isNew(long pair) {
        return known.add(FingerprintSet.mix(pair), pair);
    }

    private void put(int... edge) {
        if (size == edges.length) {
            edges = Arrays.copyOf(edges, size * 2);
        }
        edges[size++] = edge;
    }

    /** A demand that no order can meet, or null. */
    BadPattern broken() {
        return broken;
    }

    private BadPattern broken(int[] edge) {
        Set<Integer> all = new LinkedHashSet<>();
        collect(edge, all);
        String how = edge[1] < 0 ? "as it was before the first write" : "which is older by version";
        String text = edge[2] < 0
                ? witnessText.of(edge[1]) + ", and its version is below that of what it follows: "
                        + witnessText.of(edge[0]) + (edge[4] < 0 ? "" : ", which " + witnessText.of(edge[4]) + " saw")
                        + "."
                : witnessText.of(edge[2]) + ", " + how + ", although " + because(edge) + ".";
        return new BadPattern(name(), toArray(all), () -> text);
    }

    /** The cycle that shows that no order will do, or null. */
    BadPattern cycle() {
        Digraph graph = new Digraph(nodes, size);
        for (int e = 0; e < size; e++) {
            graph.add(edges[e][0], edges[e][1]);
        }
        int[] cycle = graph.cycle();
        if (cycle == null) {
            return null;
        }
        Set<Integer> all = new LinkedHashSet<>();
        List<String> steps = new ArrayList<>();
        int first = firstWrite(cycle);
        int from = cycle[first];
        int cause = -1;
        for (int s = 1; s <= cycle.length; s++) {
            int[] edge = edge(cycle[(first + s - 1) % cycle.length], cycle[(first + s) % cycle.length]);
            cause = edge[4] >= 0 ? edge[4] : cause;
            if (edge[1] < execution.size()) {
                int[] whole = {from, edge[1], edge[2], edge[3], edge[4] == BY_VERSION ? BY_VERSION : cause};
                collect(whole, all);
                steps.add("\"" + witnessText.of(from) + "\" has to come before \"" + witnessText.of(edge[1]) + "\", as "
                        + reason(whole));
                from = edge[1];
                cause = -1;
            }
        }
        return new BadPattern(
                name(),
                toArray(all),
                () -> "No order of the writes to " + execution.op[cycle[first]].key() + " will do: "
                        + String.join("; ", steps) + ".");
    }

    private int firstWrite(int[] cycle) {
        int i = 0;
        while (cycle[i] >= execution.size()) {
            i++;
        }
        return i;
    }

    private int[] edge(int from, int to) {
        for (int e = 0; e < size; e++) {
            if (edges[e][0] == from && edges[e][1] == to) {
                return edges[e];
            }
        }
        throw new IllegalStateException("a cycle without its edge");
    }

    private void collect(int[] edge, Set<Integer> all) {
        for (int i : edge) {
            if (i >= 0) {
                all.add(i);
                if (execution.source[i] >= 0) {
                    all.add(execution.source[i]);
                }
            }
        }
    }

    private String reason(int[] edge) {
        if (edge[2] >= 0) {
            return witnessText.of(edge[2]) + ", although " + because(edge);
        }
        if (edge[4] == BY_VERSION) {
            return "it has the lower version";
        }
        return edge[4] < 0
                ? witnessText.who(edge[0]) + " issued them so"
                : witnessText.of(edge[4]) + " before writing the other";
    }

    /** Why the read must have the write: in the past perfect. */
    private String because(int[] edge) {
        int write = edge[0];
        if (guarantee == Model.READ_YOUR_WRITES) {
            return witnessText.who(write) + " had " + perfect(write) + " before";
        }
        if (guarantee == Model.MONOTONIC_READS) {
            return witnessText.who(edge[3]) + " had " + perfect(edge[3]) + " before";
        }
        int seen = execution.source[edge[3]];
        if (write == seen && guarantee == Model.MONOTONIC_WRITES) {
            return witnessText.who(edge[3]) + " had seen that before (" + witnessText.of(edge[3]) + ")";
        }
        String sight = witnessText.who(edge[3]) + " had seen \"" + witnessText.of(seen) + "\" ("
                + witnessText.of(edge[3]) + "), ";
        return guarantee == Model.MONOTONIC_WRITES
                ? sight + "before which " + witnessText.who(write) + " had " + perfect(write)
                : sight + "before which " + witnessText.who(edge[4]) + " had " + perfect(edge[4]);
    }

    private String perfect(int i) {
        String did = witnessText.did(i);
        return did.startsWith("wrote") ? "written" + did.substring(5) : did;
    }

    private String name() {
        return switch (guarantee) {
            case READ_YOUR_WRITES -> "NotYourWrite";
            case MONOTONIC_READS -> "NonMonotonicRead";
            case MONOTONIC_WRITES -> "NonMonotonicWrite";
            default -> "WriteWithoutItsRead";
        };
    }

    private static int[] toArray(Set<Integer> all) {
        return all.stream().mapToInt(Integer::intValue).toArray();
    }
}
