package io.orrery.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrategyTest {
    /** A step of an owner, for a receiver. */
    private static final class Plain extends Step {
        private final String to;

        Plain(Owner owner, String to) {
            super(owner);
            this.to = to;
            renumber();
        }

        @Override
        public Kind kind() {
            return Kind.SEND;
        }

        @Override
        public String to() {
            return to;
        }

        @Override
        void run() {}
    }

    private record Listed(List<Step> steps) implements Chooser.Ready {
        @Override
        public int size() {
            return steps.size();
        }

        @Override
        public Step get(int index) {
            return steps.get(index);
        }
    }

    /** Runs all steps, and returns the names of their owners in that order. */
    private static String order(Chooser chooser, List<Step> steps) {
        List<Step> left = new ArrayList<>(steps);
        StringBuilder order = new StringBuilder();
        while (!left.isEmpty()) {
            int index = left.size() == 1 ? 0 : chooser.choose(new Listed(left));
            order.append(left.remove(index).owner().name());
        }
        return order.toString();
    }

    private static List<Step> alternating(int each) {
        Owner a = new Owner("a");
        Owner b = new Owner("b");
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            steps.add(new Plain(a, "x"));
            steps.add(new Plain(b, "y"));
        }
        return steps;
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "pos", "pct:3", "pct:17", "guided"})
    void aStrategyIsReadAsItIsWritten(String text) {
        assertEquals(text, Strategy.parse(text).toString());
        Strategy strategy = Strategy.parse(text);
        assertEquals(order(strategy.chooser(5), alternating(6)), order(strategy.chooser(5), alternating(6)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pct:0", "pct:101", "pct:-1", "pct:x", "best", ""})
    void thereIsNoOther(String text) {
        assertThrows(IllegalArgumentException.class, () -> Strategy.parse(text));
    }

    @Test
    void withoutAPointTheHighestPriorityAlwaysRuns() {
        for (long seed = 0; seed < 50; seed++) {
            String order = order(Strategy.pct(1).chooser(seed), alternating(4));
            assertTrue(order.equals("aaaabbbb") || order.equals("bbbbaaaa"), order);
        }
    }

    @Test
    void eachPointLowersWhoWouldGoOn() {
        boolean[] seen = new boolean[4];
        for (long seed = 0; seed < 300; seed++) {
            String order = order(Strategy.pct(2).chooser(seed), alternating(4));
            // One owner goes on until the point, if it comes; then the other one has all of its steps.
            assertTrue(order.matches("a{0,4}bbbba{0,4}|b{0,4}aaaab{0,4}"), order);
            seen[Math.min(order.indexOf("aaaa") < 0 ? 0 : order.indexOf("aaaa"), 3)] = true;
        }
        assertTrue(seen[1] && seen[2] && seen[3], "points come early and late");
    }

    @Test
    void aRacingStepDrawsAnew() {
        // One step of a against two of b that race: without new draws a is the last in a third of the orders, with them
        // in 5 of 12.
        int seeds = 20_000;
        Owner a = new Owner("a");
        Owner b = new Owner("b");
        List<Step> steps = List.of(new Plain(a, "x"), new Plain(b, "y"), new Plain(b, "y"));
        double last = LongStream.range(0, seeds)
                        .filter(seed -> order(Strategy.POS.chooser(seed), steps).equals("bba"))
                        .count()
                / (double) seeds;
        double lastWithout = LongStream.range(0, seeds)
                        .filter(seed -> order(Chooser.random(seed), steps).equals("bba"))
                        .count()
                / (double) seeds;
        assertEquals(5 / 12.0, last, 0.02);
        assertEquals(1 / 3.0, lastWithout, 0.02);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pos", "pct:3"})
    void delaysAreWithinWhatTheLinkAllows(String text) {
        TreeMap<Long, Integer> seen = new TreeMap<>();
        for (long seed = 0; seed < 200; seed++) {
            Chooser chooser = Strategy.parse(text).chooser(seed);
            for (int i = 0; i < 5; i++) {
                seen.merge(chooser.delay("A", "B", 15, 10, 1_000_000), 1, Integer::sum);
            }
        }
        assertTrue(seen.firstKey() >= 10 && seen.lastKey() <= 1_000_000, seen::toString);
        assertTrue(seen.firstKey() < 200_000 && seen.lastKey() > 800_000, seen::toString);
    }

    @Test
    void choicesLeaveWhatTheStrategyWouldHaveDone() {
        Choices choices = Choices.parse("s1=7,d0=3,d2=99");
        assertEquals("s1=7,d0=3,d2=99", choices.toString());
        Schedule schedule = new Schedule(Strategy.RANDOM, choices);
        Chooser chooser = schedule.chooser(5);
        Chooser usual = Chooser.random(5);
        Listed three = new Listed(alternating(2).subList(0, 3));
        assertEquals(usual.choose(three), chooser.choose(three));
        assertEquals(7 % 3, chooser.choose(three));
        assertEquals(usual.choose(three), chooser.choose(three));
        assertEquals(10, chooser.delay("A", "B", 15, 10, 20));
        assertEquals(15, chooser.delay("A", "B", 15, 10, 20));
        assertEquals(20, chooser.delay("A", "B", 15, 10, 20));
    }

    @Test
    void fromAGivenStepOnAllIsAsWithAnotherSeed() {
        Choices choices = Choices.parse("d1=3,r2=9");
        assertEquals("d1=3,r2=9", choices.toString());
        assertFalse(choices.isNone());
        Chooser chooser = new Schedule(Strategy.GUIDED, choices).chooser(5);
        Listed many = new Listed(alternating(4));
        Chooser before = Chooser.random(5);
        assertEquals(OptionalLong.empty(), chooser.redraw(1));
        assertEquals(before.choose(many), chooser.choose(many));
        assertEquals(OptionalLong.of(9), chooser.redraw(2));
        assertEquals(Chooser.random(9).choose(many), chooser.choose(many));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s1", "x1=2", "s1=2,", "s1=2,s1=3", "s-1=2"})
    void choicesHaveOneForm(String text) {
        assertThrows(IllegalArgumentException.class, () -> Choices.parse(text));
    }
}
