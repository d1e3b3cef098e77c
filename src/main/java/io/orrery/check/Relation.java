package io.orrery.check;

import java.util.Arrays;

/**
 * A relation on the operations of an execution: the order of each process, what some reads saw, and added edges. From
 * it come a vector clock for each operation, or a cycle.
 */
final class Relation {
    /** Takes what all processes read. */
    static final int ALL = -1;

    private static final long MAX_CLOCK_CELLS = 1L << 30;

    private final Execution execution;
    private final int processes;
    private final int readsOf;
    private int[] from = new int[16];
    private int[] to = new int[16];
    private int edges;
    private int[] clock;

    /** @param readsOf whose reads put the write that they saw before them: a process, or {@link #ALL} */
    Relation(Execution execution, int readsOf) {
        this.execution = execution;
        this.processes = execution.timeline.length;
        this.readsOf = readsOf;
    }

    /** Adds an edge and returns its number: edges are numbered from 0. */
    int add(int before, int after) {
        if (edges == from.length) {
            from = Arrays.copyOf(from, edges * 2);
            to = Arrays.copyOf(to, edges * 2);
        }
        from[edges] = before;
        to[edges] = after;
        return edges++;
    }

    int edges() {
        return edges;
    }

    /** The number of an added edge, or -1 where it was not added. */
    int edge(int before, int after) {
        for (int e = 0; e < edges; e++) {
            if (from[e] == before && to[e] == after) {
                return e;
            }
        }
        return -1;
    }

    /** Where an added edge starts. */
    int start(int edge) {
        return from[edge];
    }

    /** Where an added edge ends. */
    int end(int edge) {
        return to[edge];
    }

    /** The relation as a graph, with the first so many of the added edges. */
    Digraph graph(int firstEdges) {
        int n = execution.size();
        Digraph graph = new Digraph(n, 2 * n + firstEdges);
        for (int[] timeline : execution.timeline) {
            for (int s = 1; s < timeline.length; s++) {
                graph.add(timeline[s - 1], timeline[s]);
            }
        }
        for (int i = 0; i < n; i++) {
            if (execution.source[i] >= 0 && (readsOf == ALL || execution.process[i] == readsOf)) {
                graph.add(execution.source[i], i);
            }
        }
        for (int e = 0; e < firstEdges; e++) {
            graph.add(from[e], to[e]);
        }
        return graph;
    }

    /**
     * Computes the clocks, in time proportional to (operations + edges) × processes.
     *
     * @return null, or the operations of a short cycle
     */
    int[] order() {
        int n = execution.size();
        if ((long) n * processes > MAX_CLOCK_CELLS) {
            throw new Meter.Spent(
                    Verdict.Cause.STATES,
                    n + " operations of " + processes + " processes need more memory than there is");
        }
        Digraph graph = graph(edges);
        int[] order = graph.order();
        if (order.length < n) {
            return graph.cycle();
        }
        clock = new int[n * processes];
        for (int i : order) {
            clock[i * processes + execution.process[i]] = execution.seq[i] + 1;
            graph.forSuccessors(i, j -> join(i, j));
        }
        return null;
    }

    private void join(int i, int j) {
        int a = i * processes;
        int b = j * processes;
        for (int p = 0; p < processes; p++) {
            clock[b + p] = Math.max(clock[b + p], clock[a + p]);
        }
    }

    /** Whether a comes before b or is b; after {@link #order}. */
    boolean before(int a, int b) {
        return clock[b * processes + execution.process[a]] > execution.seq[a];
    }

    /** How many operations of the process come before this one or are it; after {@link #order}. */
    int count(int i, int process) {
        return clock[i * processes + process];
    }
}
