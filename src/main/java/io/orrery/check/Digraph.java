package io.orrery.check;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** A directed graph on the numbers from 0: its topological order, or a short cycle. All in linear time. */
final class Digraph {
    private final int nodes;
    private int[] from;
    private int[] to;
    private int edges;
    private int[] starts;
    private int[] targets;

    Digraph(int nodes, int expectedEdges) {
        this.nodes = nodes;
        from = new int[Math.max(16, expectedEdges)];
        to = new int[from.length];
    }

    void add(int a, int b) {
        if (edges == from.length) {
            from = Arrays.copyOf(from, edges * 2);
            to = Arrays.copyOf(to, edges * 2);
        }
        from[edges] = a;
        to[edges++] = b;
        starts = null;
    }

    /** Indexes the edges by their start. */
    private void file() {
        if (starts != null) {
            return;
        }
        int[] first = new int[nodes + 1];
        for (int e = 0; e < edges; e++) {
            first[from[e] + 1]++;
        }
        for (int i = 0; i < nodes; i++) {
            first[i + 1] += first[i];
        }
        int[] at = Arrays.copyOf(first, nodes);
        targets = new int[edges];
        for (int e = 0; e < edges; e++) {
            targets[at[from[e]]++] = to[e];
        }
        starts = first;
    }

    /** The nodes in an order that all edges agree with, or as many of them as come before any cycle. */
    int[] order() {
        file();
        int[] waits = new int[nodes];
        for (int target : targets) {
            waits[target]++;
        }
        int[] queue = new int[nodes];
        int tail = 0;
        for (int i = 0; i < nodes; i++) {
            if (waits[i] == 0) {
                queue[tail++] = i;
            }
        }
        for (int head = 0; head < tail; head++) {
            int i = queue[head];
            for (int e = starts[i]; e < starts[i + 1]; e++) {
                if (--waits[targets[e]] == 0) {
                    queue[tail++] = targets[e];
                }
            }
        }
        return tail == nodes ? queue : Arrays.copyOf(queue, tail);
    }

    /** The nodes of a shortest cycle among those through one node, or null where there is no cycle. */
    int[] cycle() {
        int[] ordered = order();
        if (ordered.length == nodes) {
            return null;
        }
        boolean[] left = new boolean[nodes];
        Arrays.fill(left, true);
        for (int i : ordered) {
            left[i] = false;
        }
        // Each node that is left has an edge from another that is left: walking back long enough ends on a cycle.
        int[] cause = new int[nodes];
        int node = -1;
        for (int i = 0; i < nodes; i++) {
            for (int e = starts[i]; left[i] && e < starts[i + 1]; e++) {
                cause[targets[e]] = i;
                node = targets[e];
            }
        }
        for (int step = 0; step < nodes; step++) {
            node = cause[node];
        }
        return steps(node, node);
    }

    /** The nodes of a shortest path from a to b, both included; null where there is none. */
    int[] path(int a, int b) {
        file();
        int[] steps = a == b ? new int[0] : steps(a, b);
        if (steps == null) {
            return null;
        }
        int[] path = new int[steps.length + 1];
        path[0] = a;
        System.arraycopy(steps, 0, path, 1, steps.length);
        return path;
    }

    /**
     * The nodes of a shortest path from a to b, of at least one edge: b is the last of them, and a is left out, unless it is b.
     * Null where there is none.
     */
    private int[] steps(int a, int b) {
        int[] cameFrom = new int[nodes];
        Arrays.fill(cameFrom, -1);
        int[] queue = new int[nodes + 1];
        int tail = 0;
        queue[tail++] = a;
        for (int head = 0; head < tail && cameFrom[b] < 0; head++) {
            int i = queue[head];
            for (int e = starts[i]; e < starts[i + 1]; e++) {
                int j = targets[e];
                if (cameFrom[j] < 0) {
                    cameFrom[j] = i;
                    queue[tail++] = j;
                }
            }
        }
        if (cameFrom[b] < 0) {
            return null;
        }
        int length = 1;
        for (int i = cameFrom[b]; i != a; i = cameFrom[i]) {
            length++;
        }
        int[] steps = new int[length];
        for (int i = b; length > 0; i = cameFrom[i]) {
            steps[--length] = i;
        }
        return steps;
    }

    /** Hands on the nodes that an edge from this one leads to. */
    void forSuccessors(int node, IntConsumer action) {
        file();
        for (int e = starts[node]; e < starts[node + 1]; e++) {
            action.accept(targets[e]);
        }
    }
}
