package io.orrery.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Models that ask for one order for each process: causal memory (CM) and PRAM.
 *
 * <p>CM is checked by the bad patterns of Bouajjani et al., POPL 2017, section 5.3: those of causal consistency, and for
 * each process WriteHBInitRead and CyclicHB in its happened-before, the least relation that contains the causal order and
 * puts a write before the write that the process read when the former comes before that read. PRAM is the same with the
 * order of each process and the process's own reads in the place of the causal order: what others have read is not seen.
 *
 * <p>Each round computes vector clocks and adds, for each read, at most one edge from each process; it ends when a round
 * adds nothing.
 */
final class ViewFinder implements BadPattern.Finder {
    private final boolean causal;

    private ViewFinder(boolean causal) {
        this.causal = causal;
    }

    static ViewFinder causalMemory() {
        return new ViewFinder(true);
    }

    static ViewFinder pram() {
        return new ViewFinder(false);
    }

    @Override
    public BadPattern find(Execution execution, BudgetMeter budgetMeter) {
        if (causal) {
            BadPattern found = CausalFinder.consistency().find(execution, budgetMeter);
            if (found != null) {
                return found;
            }
        }
        WriteIndex writes = new WriteIndex(execution);
        for (int process = 0; process < execution.timeline.length; process++) {
            BadPattern found = new View(execution, writes, process, budgetMeter).find();
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private final class View {
        private final Execution execution;
        private final WriteIndex writes;
        private final BudgetMeter budgetMeter;
        private final WitnessText witnessText;
        private final int process;
        private final Relation happened;
        private final ForcedOrder forced;

        View(Execution execution, WriteIndex writes, int process, BudgetMeter budgetMeter) {
            this.execution = execution;
            this.writes = writes;
            this.process = process;
            this.budgetMeter = budgetMeter;
            witnessText = new WitnessText(execution);
            happened = new Relation(execution, causal ? Relation.ALL : process);
            forced = new ForcedOrder(happened);
        }

        BadPattern find() {
            for (boolean more = true; more; ) {
                budgetMeter.look();
                int[] cycle = happened.order();
                if (cycle != null) {
                    return cyclic(cycle);
                }
                int edges = happened.edges();
                for (int read : execution.timeline[process]) {
                    budgetMeter.step();
                    if (execution.isRead(read)) {
                        int initial = judge(read);
                        if (initial >= 0) {
                            return beforeInitial(initial, read);
                        }
                    }
                }
                more = happened.edges() > edges;
            }
            return null;
        }

        /** Adds what the read forces; returns a write that comes before a read of the initial value, or -1. */
        private int judge(int read) {
            int seen = execution.source[read];
            int key = execution.key[read];
            for (int g = writes.groupsFrom(key); g < writes.groupsFrom(key + 1); g++) {
                int write = writes.last(g, happened.count(read, writes.process(g)));
                if (write < 0 || write == seen) {
                    continue;
                }
                if (seen == ReadsFrom.INITIAL) {
                    return write;
                }
                if (!happened.before(write, seen)) {
                    forced.add(write, seen, read, write, read);
                }
            }
            return -1;
        }

        private BadPattern beforeInitial(int write, int read) {
            int[] path = happened.graph(happened.edges()).path(write, read);
            int[] all = forced.withReasons(path, false, budgetMeter);
            return new BadPattern(
                    causal ? "WriteHBInitRead" : "WriteBeforeInitRead",
                    all,
                    () -> witnessText.of(read) + ", as it was before the first write, although in the view of "
                            + witnessText.who(read) + " \"" + witnessText.of(write) + "\" had come before: "
                            + steps(path) + ".");
        }

        private BadPattern cyclic(int[] cycle) {
            int[] all = forced.withReasons(cycle, true, budgetMeter);
            return new BadPattern(
                    causal ? "CyclicHB" : "CyclicView",
                    all,
                    () -> "No one order of what " + name() + " can see explains the reads of " + name() + ". "
                            + witnessText.circle(cycle, this::why));
        }

        private String name() {
            return witnessText.who(execution.timeline[process][0]);
        }

        private String steps(int[] path) {
            List<String> steps = new ArrayList<>();
            for (int s = 1; s < path.length; s++) {
                String why = why(path[s - 1], path[s]);
                steps.add("\"" + witnessText.of(path[s - 1]) + "\" before \"" + witnessText.of(path[s]) + "\""
                        + (why == null ? "" : " (" + why + ")"));
            }
            return String.join(", ", steps);
        }

        private String why(int a, int b) {
            int read = forced.reason(a, b);
            return read < 0 ? null : witnessText.who(read) + " had to see it before " + witnessText.of(read);
        }
    }
}
