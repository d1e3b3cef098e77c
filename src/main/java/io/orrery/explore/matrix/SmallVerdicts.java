package io.orrery.explore.matrix;

import io.orrery.check.Model;
import io.orrery.explore.matrix.SmallHistories.Small;
import java.util.EnumSet;
import java.util.Set;

/**
 * The models that do not look at real time, judged for a history of a few operations: as {@link io.orrery.check.Checker}
 * judges it, which would take a hundred times as long. Relations are sets of bits: for each operation those before it.
 *
 * <p>The causal models and PRAM by the bad patterns of Bouajjani, Enea, Guerraoui and Hamza, "On verifying causal
 * consistency", POPL 2017; the session guarantees by Terry et al., "Session guarantees for weakly consistent replicated data",
 * PDIS 1994. Without versions and replicas monotonic writes asks for nothing but that writes of a session come in its
 * order, which is always possible.
 */
final class SmallVerdicts {
    private final Small small;
    private final int size;
    /** Of each operation those that its process did before. */
    private final int[] earlier;
    /** The writes of each key. */
    private final int[] writes;
    /** The operations of each process. */
    private final int[] processes;
    /** Of each operation those causally before it. */
    private final int[] causal;

    private SmallVerdicts(Small small) {
        this.small = small;
        this.size = small.size();
        earlier = new int[size];
        writes = new int[size];
        processes = new int[small.lengths().length];
        for (int process = 0, at = 0; process < processes.length; process++) {
            for (int i = 0; i < small.lengths()[process]; i++, at++) {
                earlier[at] = processes[process];
                processes[process] |= 1 << at;
                if (small.isWrite(at)) {
                    writes[small.keys()[at]] |= 1 << at;
                }
            }
        }
        causal = earlier.clone();
        addReads(causal, ~0);
        close(causal);
    }

    /** The models that it satisfies, of those that do not look at real time. */
    static Set<Model> satisfied(Small small) {
        SmallVerdicts verdicts = new SmallVerdicts(small);
        Set<Model> satisfied = EnumSet.noneOf(Model.class);
        // What is implied is not judged.
        boolean isCausal = verdicts.isCausal();
        boolean isConvergent = isCausal && verdicts.isConvergent();
        boolean isSequential =
                isConvergent && verdicts.isSequential(new int[small.lengths().length], new int[small.size()], 0);
        boolean isMemory = isSequential || isCausal && verdicts.hasViews(true);
        add(satisfied, Model.SEQUENTIAL, isSequential);
        add(satisfied, Model.CAUSAL_CC, isCausal);
        add(satisfied, Model.CAUSAL_CM, isMemory);
        add(satisfied, Model.CAUSAL_CCV, isConvergent);
        add(satisfied, Model.PRAM, isMemory || verdicts.hasViews(false));
        add(satisfied, Model.READ_YOUR_WRITES, isConvergent || verdicts.readsItsWrites());
        add(satisfied, Model.MONOTONIC_READS, isConvergent || verdicts.readsMonotonically());
        add(satisfied, Model.MONOTONIC_WRITES, true);
        add(satisfied, Model.WRITES_FOLLOW_READS, isConvergent || verdicts.writesFollowReads());
        return satisfied;
    }

    private static void add(Set<Model> satisfied, Model model, boolean holds) {
        if (holds) {
            satisfied.add(model);
        }
    }

    /** Whether one order of all operations explains all reads: tried in full. */
    private boolean isSequential(int[] done, int[] shown, int count) {
        if (count == size) {
            return true;
        }
        int start = 0;
        for (int process = 0; process < done.length; process++) {
            int at = start + done[process];
            start += small.lengths()[process];
            if (at == start) {
                continue;
            }
            int key = small.keys()[at];
            int before = shown[key];
            // Places are told from 1 here, so that 0 is nothing.
            if (small.isWrite(at)) {
                shown[key] = at + 1;
            } else if (before != small.values()[at] + 1) {
                continue;
            }
            done[process]++;
            boolean isExplained = isSequential(done, shown, count + 1);
            done[process]--;
            shown[key] = before;
            if (isExplained) {
                return true;
            }
        }
        return false;
    }

    /** Without CyclicCO, WriteCOInitRead and WriteCORead. */
    private boolean isCausal() {
        if (isCyclic(causal)) {
            return false;
        }
        for (int read = 0; read < size; read++) {
            if (small.isWrite(read)) {
                continue;
            }
            int seen = small.values()[read];
            for (int other = others(causal, read); other != 0; other &= other - 1) {
                if (seen < 0 || has(causal[Integer.numberOfTrailingZeros(other)], seen)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Without CyclicCF. */
    private boolean isConvergent() {
        int[] order = causal.clone();
        for (int read = 0; read < size; read++) {
            if (sees(read)) {
                order[small.values()[read]] |= others(causal, read);
            }
        }
        close(order);
        return !isCyclic(order);
    }

    /**
     * Whether each process has an order of all writes that explains its reads.
     *
     * @param isCausal whether it keeps causality; if not, only the order of each process
     */
    private boolean hasViews(boolean isCausal) {
        for (int process : processes) {
            int[] order = (isCausal ? causal : earlier).clone();
            addReads(order, process);
            if (!isView(order, process)) {
                return false;
            }
        }
        return true;
    }

    private boolean isView(int[] order, int process) {
        for (boolean more = true; more; ) {
            more = false;
            close(order);
            if (isCyclic(order)) {
                return false;
            }
            for (int read = 0; read < size; read++) {
                if (has(process, read) && !small.isWrite(read)) {
                    int others = others(order, read);
                    int seen = small.values()[read];
                    if (seen < 0 && others != 0) {
                        return false;
                    }
                    if (seen >= 0 && (others & ~order[seen]) != 0) {
                        order[seen] |= others;
                        more = true;
                    }
                }
            }
        }
        return true;
    }

    private boolean readsItsWrites() {
        int[] order = ownWrites();
        for (int read = 0; read < size; read++) {
            if (!small.isWrite(read) && !comeBefore(order, earlier[read] & ofKey(read), read)) {
                return false;
            }
        }
        return isAcyclic(order);
    }

    private boolean readsMonotonically() {
        int[] order = ownWrites();
        for (int read = 0; read < size; read++) {
            if (!small.isWrite(read) && !comeBefore(order, seenBefore(read, small.keys()[read]), read)) {
                return false;
            }
        }
        return isAcyclic(order);
    }

    private boolean writesFollowReads() {
        int[] order = ownWrites();
        int[] had = had();
        for (int at = 0; at < size; at++) {
            int key = small.keys()[at];
            if (small.isWrite(at)) {
                order[at] |= seenBefore(at, key) & ~(1 << at);
            } else if (sees(at)) {
                for (int write = had[small.values()[at]]; write != 0; write &= write - 1) {
                    comeBefore(order, seenBefore(Integer.numberOfTrailingZeros(write), key), at);
                }
            }
        }
        return isAcyclic(order);
    }

    /** Of each write those that a replica has that has it: what its session had seen, and so on. */
    private int[] had() {
        int[] had = new int[size];
        for (int at = 0; at < size; at++) {
            had[at] = 1 << at;
            for (int read = earlier[at]; read != 0; read &= read - 1) {
                int it = Integer.numberOfTrailingZeros(read);
                if (sees(it)) {
                    had[at] |= 1 << small.values()[it];
                }
            }
        }
        close(had);
        return had;
    }

    /** The writes of each session to each key, in its order. */
    private int[] ownWrites() {
        int[] order = new int[size];
        for (int at = 0; at < size; at++) {
            if (small.isWrite(at)) {
                order[at] = earlier[at] & ofKey(at);
            }
        }
        return order;
    }

    /** What the process of an operation had seen of a key before it. */
    private int seenBefore(int at, int key) {
        int seen = 0;
        for (int read = earlier[at]; read != 0; read &= read - 1) {
            int it = Integer.numberOfTrailingZeros(read);
            if (sees(it) && small.keys()[it] == key) {
                seen |= 1 << small.values()[it];
            }
        }
        return seen;
    }

    /** Puts writes before what a read saw; false if it saw nothing, before which nothing comes. */
    private boolean comeBefore(int[] order, int before, int read) {
        int seen = small.values()[read];
        if (seen < 0) {
            return before == 0;
        }
        order[seen] |= before & ~(1 << seen);
        return true;
    }

    private boolean sees(int at) {
        return small.values()[at] >= 0;
    }

    private int ofKey(int at) {
        return writes[small.keys()[at]];
    }

    /** The writes before a read to its key, but for the one that it saw. */
    private int others(int[] order, int read) {
        int seen = small.values()[read];
        return order[read] & ofKey(read) & (seen < 0 ? ~0 : ~(1 << seen));
    }

    private void addReads(int[] order, int of) {
        for (int read = 0; read < size; read++) {
            if (sees(read) && has(of, read)) {
                order[read] |= 1 << small.values()[read];
            }
        }
    }

    private static boolean has(int set, int at) {
        return (set >> at & 1) != 0;
    }

    private void close(int[] order) {
        for (int via = 0; via < size; via++) {
            for (int at = 0; at < size; at++) {
                if (has(order[at], via)) {
                    order[at] |= order[via];
                }
            }
        }
    }

    private boolean isAcyclic(int[] order) {
        close(order);
        return !isCyclic(order);
    }

    private boolean isCyclic(int[] order) {
        for (int at = 0; at < size; at++) {
            if (has(order[at], at)) {
                return true;
            }
        }
        return false;
    }
}
