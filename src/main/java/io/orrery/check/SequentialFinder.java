package io.orrery.check;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Sequential consistency where each read names the write that it saw. First the bad patterns of causal convergence, which
 * it implies; then what every sequential order has to keep, to a fixed point (a write that comes before a read comes before
 * the write that the read saw, and a write that comes after the latter comes after the read: Gibbons and Korach 1997,
 * section 3); then a search, which keeps that too.
 */
final class SequentialFinder implements BadPattern.Finder {
    private final boolean searches;

    SequentialFinder() {
        this(true);
    }

    private SequentialFinder(boolean searches) {
        this.searches = searches;
    }

    /** Finds only what has no order since some operations would have to come before themselves. */
    static SequentialFinder withoutSearch() {
        return new SequentialFinder(false);
    }

    @Override
    public BadPattern find(Execution execution, BudgetMeter budgetMeter) {
        Forced forced = new Forced(execution, budgetMeter);
        BadPattern found = forced.find();
        return found != null || !searches || forced.hasOrder() ? found : forced.noOrder();
    }

    /** What every order has to keep. */
    static final class Forced {
        private final Execution execution;
        private final BudgetMeter budgetMeter;
        private final WitnessText witnessText;
        private final WriteIndex writes;
        /** The reads that name no write. */
        private final WriteIndex nameless;

        private final Relation forced;
        private final ForcedOrder reasons;

        Forced(Execution execution, BudgetMeter budgetMeter) {
            this.execution = execution;
            this.budgetMeter = budgetMeter;
            witnessText = new WitnessText(execution);
            writes = new WriteIndex(execution);
            nameless = new WriteIndex(execution, i -> execution.source[i] == ReadsFrom.AMBIGUOUS);
            forced = new Relation(execution, Relation.ALL);
            reasons = new ForcedOrder(forced);
        }

        /** Operations that would have to come before themselves; null where there are none. */
        BadPattern find() {
            BadPattern causal = CausalFinder.convergence().find(execution, budgetMeter);
            return causal != null ? causal : cycle();
        }

        /** The same by what follows for sequential consistency alone; here reads may be ambiguous. */
        BadPattern cycle() {
            addVersionOrder();
            int edges = -1;
            while (edges < forced.edges()) {
                edges = forced.edges();
                budgetMeter.look();
                int[] cycle = forced.order();
                if (cycle != null) {
                    return new BadPattern(
                            "CyclicOrder",
                            reasons.withReasons(cycle, true, budgetMeter),
                            () -> "No one order of all operations fits. " + witnessText.circle(cycle, this::why));
                }
                for (int read = 0; read < execution.size(); read++) {
                    budgetMeter.step();
                    if (execution.isRead(read)) {
                        judge(read);
                    }
                }
            }
            return null;
        }

        /** After {@link #cycle}: pairs of operations of which the first has to come before the second. */
        List<int[]> pairs() {
            return IntStream.range(0, forced.edges())
                    .mapToObj(e -> new int[] {forced.start(e), forced.end(e)})
                    .toList();
        }

        private boolean hasOrder() {
            return SequentialSearch.hasOrder(new SearchSteps(execution), pairs(), budgetMeter);
        }

        private BadPattern noOrder() {
            return new BadPattern(
                    "NoSequentialOrder",
                    forced.all(),
                    () ->
                            "Each two of these operations can be ordered, but no order of all of them explains every read.");
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
            if (seen == ReadsFrom.AMBIGUOUS) {
                return;
            }
            if (seen >= 0) {
                precede(read, seen);
            }
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

        /**
         * What read another value of the key before this read did so before the write that this read saw: after that write
         * the other value would have overwritten it. (What read the same value may have seen the same write: only one of
         * the two reads may have told its version.)
         */
        private void precede(int read, int seen) {
            int key = execution.key[read];
            for (int g = nameless.groupsFrom(key); g < nameless.groupsFrom(key + 1); g++) {
                int other = nameless.last(g, forced.count(read, nameless.process(g)));
                boolean another =
                        other >= 0 && !Objects.equals(execution.op[other].value(), execution.op[seen].value());
                if (another && !forced.before(other, seen)) {
                    reasons.add(other, seen, read, other, read);
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
            return read < 0 ? "their versions say so" : "so that \"" + witnessText.of(read) + "\" sees what it saw";
        }
    }
}
