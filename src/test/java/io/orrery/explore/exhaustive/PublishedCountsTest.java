package io.orrery.explore.exhaustive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs of the literature, and how many executions are published for them: Flanagan and Godefroid, "Dynamic Partial-Order
 * Reduction for Model Checking Software", POPL 2005, and Abdulla, Aronsson, Jonsson and Sagonas, "Optimal Dynamic Partial
 * Order Reduction", POPL 2014, where optimal reduction explores these numbers. A shared variable is a receiver here: what a
 * thread does to it is a request, and what it gives back an answer.
 *
 * <p>The other programs of that paper, readers and lastzero, count reads of one variable as independent, which no two messages to
 * one receiver are here.
 */
class PublishedCountsTest {
    private static final int SLOTS = 128;
    private static final int MESSAGES = 4;
    private static final int BLOCKS = 26;
    private static final String GIVEN = " given";
    private static final String TAKEN = " taken";

    /**
     * Each thread puts four messages into a hash table, each where a compare-and-swap finds a free slot. Twelve threads and more
     * collide: each beyond the eleventh races with one other for 3 slots.
     */
    @ParameterizedTest
    @CsvSource({"11, 1", "12, 8", "13, 64"})
    void indexer(int threads, long executions) {
        assertEquals(executions, count(threads, SLOTS, MESSAGES, (thread, step) -> ((step + 1) * 11 + thread) * 7));
    }

    /**
     * Each thread takes an inode of its own and a free block for it, from twice its number on. Each thread from the 14th on begins
     * where another has begun. The two locks that a thread holds while it looks at a block make that one step.
     */
    @ParameterizedTest
    @CsvSource({"13, 1", "14, 2", "16, 8", "18, 32", "19, 64"})
    void filesystem(int threads, long executions) {
        assertEquals(executions, count(threads, BLOCKS, 1, (thread, step) -> 2 * thread));
    }

    /** Where a thread looks for a free slot first. */
    private interface Start {
        int of(int thread, int step);
    }

    /**
     * Threads that occupy slots: each asks for one, for the one after it if that is taken, and so on.
     *
     * @param steps how many slots each thread takes, one after another
     */
    private static long count(int threads, int slots, int steps, Start start) {
        // Receivers: the slots, and then the threads.
        ToyProgram toy = new ToyProgram(slots + threads, (event, had, it) -> {
            int receiver = event.receiver();
            if (receiver < slots) {
                it.send(event.cause().receiver(), false, had.size() == 1 ? GIVEN : TAKEN);
                return;
            }
            int step = 0;
            int at = start.of(receiver - slots, step) % slots;
            for (String answer : had.subList(1, had.size())) {
                if (answer.endsWith(TAKEN)) {
                    at = (at + 1) % slots;
                } else if (++step < steps) {
                    at = start.of(receiver - slots, step) % slots;
                } else {
                    return;
                }
            }
            it.send(at, false);
        });
        for (int thread = 0; thread < threads; thread++) {
            toy.with(slots + thread, "begin " + thread);
        }
        Explorer.Result result = new Explorer(toy, events -> {}).explore(() -> false);
        assertTrue(result.isComplete());
        return result.executions();
    }
}
