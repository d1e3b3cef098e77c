package io.orrery.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sequential consistency where each read names the write that it saw. First the bad patterns of causal convergence, which
 * it implies; then what every sequential order has to keep, to a fixed point (a write that comes before a read comes before
 * the write that the read saw, and a write that comes after the latter comes after the read: Gibbons and Korach 1997,
 * section 3); then a search, which keeps that too.
 */
final class SequentialFinder implements Finding.Finder {
    @Override
    public Finding find(Execution execution, Meter meter) {
        Finding causal = CausalFinder.convergence().find(execution, meter);
        return causal != null ? causal : new Search(execution, meter).find();
    }

    private static final class Search {
        private final Execution execution;
        private final Meter meter;
        private final Words words;
        private final WriteIndex writes;
        private final Relation forced;
        private final ForcedOrder reasons;

        Search(Execution execution, Meter meter) {
            this.execution = execution;
            this.meter = meter;
            words = new Words(execution);
            writes = new WriteIndex(execution);
            forced = new Relation(execution, Relation.ALL);
            reasons = new ForcedOrder(forced);
        }

        Finding find() {
            addVersionOrder();
            int edges = -1;
            while (edges < forced.edges()) {
                edges = forced.edges();
                meter.look();
                int[] cycle = forced.order();
                if (cycle != null) {
                    return new Finding(
                            "CyclicOrder",
                            reasons.withReasons(cycle, true),
                            () -> "No one order of all operations fits. " + words.circle(cycle, this::why));
                }
                for (int read = 0; read < execution.size(); read++) {
                    if (execution.isRead(read)) {
                        judge(read);
                    }
                }
            }
            List<int[]> before = new ArrayList<>();
            for (int e = 0; e < edges; e++) {
                before.add(new int[] {forced.start(e), forced.end(e)});
            }
            return new SequentialSearch(new Steps(execution), before, meter).run()
                    ? null
                    : new Finding(
                            "NoSequentialOrder",
                            all(),
                            () ->
                                    "Each two of these operations can be ordered, but no order of all of them explains every "
                                            + "read.");
        }

        private int[] all() {
            int[] all = new int[execution.size()];
            Arrays.setAll(all, i -> i);
            return all;
        }

        private void addVersionOrder() {
            int[] versioned = execution.byVersion();
            for (int v = 1; v < versioned.length; v++) {
                if (execution.key[versioned[v - 1]] == execution.key[versioned[v]]) {
                    reasons.add(versioned[v - 1], versioned[v], -1, -1, -1);
                }
            }
        }

        private void judge(int read) {
            int seen = execution.source[read];
            int key = execution.key[read];
            for (int g = writes.groupsFrom(key); g < writes.groupsFrom(key + 1); g++) {
                int before = writes.last(g, forced.count(read, writes.process(g)));
                if (before >= 0 && seen == ReadsFrom.INITIAL) {
                    // Nothing may come before it: this closes the circle.
                    reasons.add(read, before, read, -1, -1);
                } else if (before >= 0 && before != seen && !forced.before(before, seen)) {
                    reasons.add(before, seen, read, before, read);
                }
                int after = firstAfter(g, seen);
                if (after >= 0 && !forced.before(read, after)) {
                    reasons.add(read, after, read, seen, after);
                }
            }
        }

        /** The first write of the group that comes after the given write, or after the start; -1 where there is none. */
        private int firstAfter(int group, int write) {
            int low = 0;
            int high = writes.size(group);
            while (low < high) {
                int middle = low + high >>> 1;
                int candidate = writes.get(group, middle);
                if (write == ReadsFrom.INITIAL || candidate != write && forced.before(write, candidate)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low == writes.size(group) ? -1 : writes.get(group, low);
        }

        private String why(int a, int b) {
            int read = reasons.reason(a, b);
            if (read == -2) {
                return null;
            }
            return read < 0 ? "their versions say so" : "so that \"" + words.of(read) + "\" sees what it saw";
        }
    }
}
