package io.orrery.explore.exhaustive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.explore.exhaustive.Program.Event;
import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplorerTest {
    private static final ToyProgram.Behaviour NOTHING = (event, had, toy) -> {};

    private static long count(ToyProgram toy) {
        Set<String> seen = new HashSet<>();
        Explorer.Result result =
                new Explorer(toy, events -> assertTrue(seen.add(toy.form()), "twice: " + events)).explore(() -> false);
        assertTrue(result.isComplete());
        assertEquals(seen.size(), result.executions());
        return result.executions();
    }

    @Test
    void messagesToOneReceiverComeInEveryOrder() {
        long factorial = 1;
        for (int n = 1; n <= 6; n++) {
            ToyProgram toy = new ToyProgram(1, NOTHING);
            for (int i = 0; i < n; i++) {
                toy.with(0, "m" + i);
            }
            factorial *= n;
            assertEquals(factorial, count(toy));
        }
    }

    @Test
    void messagesToDifferentReceiversAreOneExecution() {
        ToyProgram toy = new ToyProgram(9, NOTHING);
        for (int i = 0; i < 9; i++) {
            toy.with(i, "m" + i);
        }
        assertEquals(1, count(toy));
    }

    /** The orders at each receiver multiply: 3! at the first, 2! at the second, 4! at the third. */
    @Test
    void receiversAreIndependent() {
        ToyProgram toy = new ToyProgram(3, NOTHING);
        int[] messages = {3, 2, 4};
        for (int receiver = 0; receiver < 3; receiver++) {
            for (int i = 0; i < messages[receiver]; i++) {
                toy.with(receiver, "m" + i);
            }
        }
        assertEquals(6 * 2 * 24, count(toy));
    }

    /** Each of n senders sends two messages, in order: (2n)! / 2^n. */
    @Test
    void linksThatKeepTheOrderLeaveFewer() {
        long[] expected = {1, 6, 90, 2_520};
        for (int n = 1; n <= expected.length; n++) {
            ToyProgram toy = new ToyProgram(n + 1, (event, had, it) -> {
                if (event.receiver() > 0) {
                    it.send(0, true);
                    it.send(0, true);
                }
            });
            for (int i = 1; i <= n; i++) {
                toy.with(i, "go");
            }
            assertEquals(expected[n - 1], count(toy));
        }
    }

    /** What is seen first at a relay decides what is passed on, so orders far away depend on it: 2 at the relay, 3! there. */
    @Test
    void messagesThatCauseOthers() {
        ToyProgram toy = new ToyProgram(2, (event, had, it) -> {
            if (event.receiver() == 0) {
                it.send(1, false);
            }
        });
        toy.with(0, "a").with(0, "b").with(1, "c");
        assertEquals(2 * 6, count(toy));
    }

    /**
     * A timer that the only message stops: it fires before, or not at all. The timer is set by the first event, and the
     * message is under way.
     */
    @Test
    void whatIsDisabledMayComeBefore() {
        ToyProgram toy = new ToyProgram(1, (event, had, it) -> {
            if (event.toString().equals("set")) {
                it.send(0, false);
            } else if (event.toString().equals("stop")) {
                it.disable();
            }
        });
        toy.with(0, "set").with(0, "stop");
        // set fire stop; set stop; stop set fire
        assertEquals(3, count(toy));
    }

    /** Small programs drawn at random, against all orders one by one and the classes that these make up. */
    @Test
    void everyClassIsRunOnce() {
        int large = 0;
        for (long seed = 1; seed <= 60; seed++) {
            Set<String> classes = new HashSet<>();
            if (!enumerate(drawn(seed), classes)) {
                continue;
            }
            Set<String> seen = new HashSet<>();
            ToyProgram toy = drawn(seed);
            long story = seed;
            new Explorer(toy, events -> assertTrue(seen.add(toy.form()), "twice with seed " + story))
                    .explore(() -> false);
            assertEquals(classes, seen, "seed " + seed);
            large += classes.size() > 20 ? 1 : 0;
        }
        assertTrue(large > 5, "only " + large + " programs had more than 20 classes");
    }

    private static ToyProgram drawn(long seed) {
        SeededRandom random = new SeededRandom(seed);
        int receivers = 1 + random.nextInt(4);
        int first = 2 + random.nextInt(3);
        ToyProgram toy = new ToyProgram(receivers, (event, had, it) -> {
            SeededRandom own = new SeededRandom(seed * 1_000_003 + had.hashCode() * 31L + event.receiver());
            if (had.size() > 3) {
                return;
            }
            if (own.nextInt(5) == 0) {
                it.disable();
            }
            for (int i = own.nextInt(3); i > 0 && event.toString().length() < 60; i--) {
                if (own.nextInt(3) > 0) {
                    it.send(own.nextInt(receivers), own.nextInt(2) == 0);
                }
            }
        });
        for (int i = 0; i < first; i++) {
            toy.with(random.nextInt(receivers), "m" + i);
        }
        return toy;
    }

    /** All orders, one after another. Returns false if they are too many. */
    private static boolean enumerate(ToyProgram toy, Set<String> classes) {
        int[] left = {2_000};
        toy.restart();
        return enumerate(toy, List.of(), classes, left);
    }

    private static boolean enumerate(ToyProgram toy, List<Event> prefix, Set<String> classes, int[] left) {
        List<Event> enabled = toy.enabled();
        if (enabled.isEmpty()) {
            classes.add(toy.form());
            return --left[0] > 0;
        }
        for (Event event : enabled) {
            List<Event> next = new ArrayList<>(prefix);
            next.add(event);
            toy.restart();
            next.forEach(toy::execute);
            if (!enumerate(toy, next, classes, left)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void anEndedBudgetLeavesAnEstimate() {
        ToyProgram toy = new ToyProgram(1, NOTHING);
        for (int i = 0; i < 8; i++) {
            toy.with(0, "m" + i);
        }
        Explorer explorer = new Explorer(toy, events -> {});
        Explorer.Result result = explorer.explore(() -> explorer.executions() == 1_000);
        assertFalse(result.isComplete());
        assertEquals(1_000, result.executions());
        assertTrue(result.estimate() > 10_000 && result.estimate() < 100_000, "40,320, not " + result.estimate());
    }

    /** An execution in whose midst the budget ends is not counted, and nothing passes for complete. */
    @Test
    void aBudgetEndsWithinAnExecution() {
        for (int asked = 1; asked < 60; asked++) {
            ToyProgram toy = new ToyProgram(1, NOTHING);
            for (int i = 0; i < 3; i++) {
                toy.with(0, "m" + i);
            }
            int[] left = {asked};
            List<String> seen = new ArrayList<>();
            Explorer.Result result = new Explorer(toy, events -> seen.add(toy.form())).explore(() -> --left[0] <= 0);
            assertEquals(seen.size(), result.executions());
            assertEquals(left[0] > 0, result.isComplete(), "after " + asked);
            assertTrue(!result.isComplete() || seen.size() == 6, seen::toString);
        }
    }

    /** Seven messages at one receiver and four at another, all in one order alone: 1 of 7! * 4! = 120,960. */
    @Test
    void theOneOrderAmongAllIsFound() {
        ToyProgram toy = new ToyProgram(2, NOTHING);
        for (int i = 0; i < 11; i++) {
            toy.with(i < 7 ? 0 : 1, String.valueOf((char) ('a' + i)));
        }
        long[] found = {0};
        Explorer.Result result = new Explorer(toy, events -> {
                    if (toy.form().equals("[[e, b, g, a, d, f, c], [j, h, k, i]]")) {
                        found[0]++;
                    }
                })
                .explore(() -> false);
        assertEquals(120_960, result.executions());
        assertEquals(1, found[0]);
    }
}
