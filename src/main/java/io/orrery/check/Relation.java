package io.orrery.check;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A relation on the operations of an execution: the order of each process, what some reads saw, and added edges. From
 * it come a vector clock for each operation, or a cycle.
 */
final class Relation {
    /** Takes what all processes read. */
    static final int ALL = -1;

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

    /** All operations. */
    int[] all() {
        return IntStream.range(0, execution.size()).toArray();
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
     * @throws BudgetMeter.Spent when the clocks would need more memory than half the heap
     */
    int[] order() {
        int n = execution.size();
        Digraph graph = graph(edges);
        int[] order = graph.order();
        if (order.length < n) {
            return graph.cycle();
        }
        clock = clocks(n, processes);
        for (int i : order) {
            clock[i * processes + execution.process[i]] = execution.seq[i] + 1;
            graph.forSuccessors(i, j -> join(i, j));
        }
        return null;
    }

    /**
     * Room for a clock for each operation.
     *
     * @throws BudgetMeter.Spent when it would need more memory than half the heap
     */
    static int[] clocks(int operations, int processes) {
        long bytes = (long) operations * processes * Integer.BYTES;
        if (bytes > Math.min(Runtime.getRuntime().maxMemory() / 2, (long) Integer.MAX_VALUE * Integer.BYTES)) {
            throw new BudgetMeter.Spent(
                    Verdict.Cause.MEMORY,
                    "the clocks of " + operations + " operations of " + processes + " processes need " + (bytes >> 20)
                            + " MiB of memory, which is more than half of what there is");
        }
        return new int[operations * processes];
    }

    private void join(int i, int j) {
        int a = i * processes;
        int b = j * processes;
        for (int p = 0; p < processes; p++) {
            clock[b + p] = Math.max(clock[b + p], clock[a + p]);
        }
    }

    /**
     * A chain from some operation that the goal accepts to the given one, through as few reads as can be; added edges are
     * not used. Of the operations of one process that follow each other in it only the first and the last are named.
     * There must be such an operation.
     */
    int[] chain(IntPredicate goal, int last) {
        int n = execution.size();
        int[] next = new int[n];
        int[] reads = new int[n];
        Arrays.fill(reads, Integer.MAX_VALUE);
        ArrayDeque<Integer> open = new ArrayDeque<>(List.of(last));
        reads[last] = 0;
        next[last] = -1;
        while (true) {
            int i = open.pollFirst();
            if (i != last && goal.test(i)) {
                return turns(i, next);
            }
            int s = execution.seq[i];
            int before = s == 0 ? -1 : execution.timeline[execution.process[i]][s - 1];
            if (before >= 0 && reads[before] > reads[i]) {
                reads[before] = reads[i];
                next[before] = i;
                open.addFirst(before);
            }
            boolean seen = execution.source[i] >= 0 && (readsOf == ALL || execution.process[i] == readsOf);
            if (seen && reads[execution.source[i]] > reads[i] + 1) {
                reads[execution.source[i]] = reads[i] + 1;
                next[execution.source[i]] = i;
                open.addLast(execution.source[i]);
            }
        }
    }

    /** The first and last operation of each process in a chain. */
    private int[] turns(int first, int[] next) {
        IntStream.Builder chain = IntStream.builder().add(first);
        int previous = first;
        for (int i = next[first]; i >= 0; i = next[i]) {
            boolean last = next[i] < 0 || execution.process[next[i]] != execution.process[i];
            if (last || execution.process[previous] != execution.process[i]) {
                chain.add(i);
            }
            previous = i;
        }
        return chain.build().toArray();
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
