package io.orrery.check;

import io.orrery.history.Op;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Uses real time to find the write that a read saw if its value was written more than once: it cannot be a write that
 * began after the read ended, nor one that was overwritten before the read began. Often one remains.
 */
final class RealTimeNarrowing {
    private final ReadsFrom reads;
    private final BudgetMeter budgetMeter;
    /** The known writes of the key by completion, and the latest invocation among those up to each. */
    private final int[] completions;

    private final int[] latestInvocation;

    RealTimeNarrowing(ReadsFrom reads, int[] members, BudgetMeter budgetMeter) {
        this.reads = reads;
        this.budgetMeter = budgetMeter;
        Op[] writes = Arrays.stream(members)
                .mapToObj(i -> reads.ops.get(i))
                .filter(op -> op.isWrite() && op.isOk())
                .sorted(Comparator.comparingInt(Op::completedAt))
                .toArray(Op[]::new);
        completions = new int[writes.length];
        latestInvocation = new int[writes.length];
        int latest = -1;
        for (int i = 0; i < writes.length; i++) {
            latest = Math.max(latest, writes[i].invokedAt());
            completions[i] = writes[i].completedAt();
            latestInvocation[i] = latest;
        }
    }

    /**
     * The write that the read must have seen, {@link ReadsFrom#INITIAL}, {@link ReadsFrom#AMBIGUOUS} where several are
     * left, or {@link ReadsFrom#THIN_AIR} where none is.
     */
    int source(int read) {
        Op op = reads.ops.get(read);
        int overwrittenBefore = latestBefore(op.invokedAt());
        int found = ReadsFrom.THIN_AIR;
        int value = reads.value[read];
        if (value == reads.keys.get(reads.key[read]).initialValue()
                && reads.mayBeInitial(read)
                && overwrittenBefore < 0) {
            found = ReadsFrom.INITIAL;
        }
        for (int w = lastInvokedBefore(value, op.completedAt()); w >= reads.firstWrite(value); w--) {
            budgetMeter.step();
            if (reads.latestCompletion(w) < overwrittenBefore) {
                break;
            }
            int write = reads.write(w);
            if (reads.ops.get(write).completedAt() > overwrittenBefore && reads.mayHaveSeen(read, write)) {
                if (found != ReadsFrom.THIN_AIR) {
                    return ReadsFrom.AMBIGUOUS;
                }
                found = write;
            }
        }
        return found;
    }

    /** The latest invocation among the writes that had completed before an event; -1 where none had. */
    private int latestBefore(int event) {
        int at = -Arrays.binarySearch(completions, event) - 1;
        return at == 0 ? -1 : latestInvocation[at - 1];
    }

    /** The last of the writes of a value that began before an event. */
    private int lastInvokedBefore(int value, int event) {
        int low = reads.firstWrite(value);
        int high = reads.firstWrite(value + 1);
        while (low < high) {
            int middle = low + high >>> 1;
            if (reads.ops.get(reads.write(middle)).invokedAt() < event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
