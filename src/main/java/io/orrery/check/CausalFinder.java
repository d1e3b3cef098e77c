package io.orrery.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Causal consistency (CC) and causal convergence (CCv) by the bad patterns of Bouajjani, Enea, Guerraoui and Hamza, "On
 * verifying causal consistency", POPL 2017, sections 5.1 and 5.2: CyclicCO, WriteCOInitRead, WriteCORead, and for CCv
 * CyclicCF. (ThinAirRead is found where reads are matched with writes.)
 *
 * <p>Each operation has a vector clock over the processes, as in Plume (Liu et al., OOPSLA 2024), so that each read looks
 * at the last write of each process to its key and no further: time operations × processes.
 *
 * <p>Where versions order the writes of a key, CCv's order of writes has to contain that order.
 */
final class CausalFinder implements BadPattern.Finder {
    private final boolean convergence;

    private CausalFinder(boolean convergence) {
        this.convergence = convergence;
    }

    static CausalFinder consistency() {
        return new CausalFinder(false);
    }

    static CausalFinder convergence() {
        return new CausalFinder(true);
    }

    @Override
    public BadPattern find(Execution execution, BudgetMeter budgetMeter) {
        return new Search(execution, budgetMeter).find();
    }

    private final class Search {
        private final Execution execution;
        private final BudgetMeter budgetMeter;
        private final WitnessText witnessText;
        private final Relation causal;
        private final WriteIndex writes;
        /** The causal order, and the order of writes that reads force on conflicting ones. */
        private final Relation conflicts;
        /** For each edge of {@link #conflicts} the read that forces it, or -1 if versions do. */
        private int[] because = new int[16];

        Search(Execution execution, BudgetMeter budgetMeter) {
            this.execution = execution;
            this.budgetMeter = budgetMeter;
            witnessText = new WitnessText(execution);
            causal = new Relation(execution, Relation.ALL);
            conflicts = new Relation(execution, Relation.ALL);
            writes = new WriteIndex(execution);
        }

        BadPattern find() {
            int[] cycle = causal.order();
            budgetMeter.look();
            if (cycle != null) {
                return new BadPattern("CyclicCO", cycle, () -> witnessText.circle(cycle, (a, b) -> null));
            }
            for (int read = 0; read < execution.size(); read++) {
                budgetMeter.step();
                BadPattern found = execution.isRead(read) ? judge(read) : null;
                if (found != null) {
                    return found;
                }
            }
            budgetMeter.look();
            return convergence ? conflictCycle() : null;
        }

        private BadPattern judge(int read) {
            int seen = execution.source[read];
            int key = execution.key[read];
            for (int g = writes.groupsFrom(key); g < writes.groupsFrom(key + 1); g++) {
                int write = writes.last(g, causal.count(read, writes.process(g)));
                if (write < 0 || write == seen) {
                    continue;
                }
                if (seen == ReadsFrom.INITIAL) {
                    return writeBeforeInitialRead(read);
                }
                if (causal.before(seen, write)) {
                    return overwrittenRead(seen, read);
                }
                if (convergence && !causal.before(write, seen)) {
                    conflict(write, seen, read);
                }
            }
            return null;
        }

        private void conflict(int before, int after, int read) {
            int edge = conflicts.add(before, after);
            if (edge == because.length) {
                because = Arrays.copyOf(because, edge * 2);
            }
            because[edge] = read;
        }

        private BadPattern writeBeforeInitialRead(int read) {
            int key = execution.key[read];
            int[] path = causal.chain(i -> execution.isWrite(i) && execution.key[i] == key, read);
            int write = path[0];
            return new BadPattern(
                    "WriteCOInitRead",
                    path,
                    () -> witnessText.of(read) + ", as it was before the first write, although \""
                            + witnessText.of(write) + "\" had come causally before: " + witnessText.chain(path) + ".");
        }

        private BadPattern overwrittenRead(int seen, int read) {
            int key = execution.key[read];
            int[] back = causal.chain(
                    i -> i != seen && execution.isWrite(i) && execution.key[i] == key && causal.before(seen, i), read);
            int write = back[0];
            int[] over = path(seen, write);
            int[] all =
                    IntStream.concat(Arrays.stream(over), Arrays.stream(back)).toArray();
            return new BadPattern("WriteCORead", all, () -> {
                int before = back[back.length - 2];
                boolean itself = execution.process[before] == execution.process[read]
                        && (before == write || execution.source[before] == write);
                String how = itself
                        ? " after " + witnessText.doing(before) + ", which had overwritten it"
                        : ", which \"" + witnessText.of(write)
                                + "\" had overwritten, and that had come causally before: " + witnessText.chain(back);
                return witnessText.of(read) + how + " (" + witnessText.chain(over) + ").";
            });
        }

        private int[] path(int a, int b) {
            return causal.chain(i -> i == a, b);
        }

        private BadPattern conflictCycle() {
            addVersionOrder();
            int[] cycle = conflicts.order();
            if (cycle == null) {
                return null;
            }
            Map<Long, Integer> reads = new HashMap<>();
            int[] all = cycle;
            boolean byVersion = false;
            for (int s = 0; s < cycle.length; s++) {
                int a = cycle[s];
                int b = cycle[(s + 1) % cycle.length];
                int edge = conflicts.edge(a, b);
                if (edge >= 0) {
                    reads.put(pair(a, b), because[edge]);
                    byVersion |= because[edge] < 0;
                    int[] how = because[edge] < 0 ? new int[0] : path(a, because[edge]);
                    all = IntStream.concat(Arrays.stream(all), Arrays.stream(how))
                            .toArray();
                }
            }
            return new BadPattern(
                    byVersion ? "CyclicVersionOrder" : "CyclicCF",
                    all,
                    () -> "No one order of the writes fits all reads. "
                            + witnessText.circle(cycle, (a, b) -> why(a, b, reads)));
        }

        private String why(int a, int b, Map<Long, Integer> reads) {
            Integer read = reads.get(pair(a, b));
            if (read == null) {
                return null;
            }
            return read < 0
                    ? "their versions say so"
                    : witnessText.who(read) + " had both and read " + witnessText.what(read) + " ("
                            + witnessText.chain(path(a, read)) + ")";
        }

        private long pair(int a, int b) {
            return (long) a << 32 | b;
        }

        private void addVersionOrder() {
            int[] versioned = execution.byVersion();
            for (int v = 1; v < versioned.length; v++) {
                if (execution.key[versioned[v - 1]] == execution.key[versioned[v]]) {
                    conflict(versioned[v - 1], versioned[v], -1);
                }
            }
        }
    }
}
