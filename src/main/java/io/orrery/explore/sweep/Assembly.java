package io.orrery.explore.sweep;

import io.orrery.explore.sweep.SweepResult.End;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Hands out the numbers of worlds, and adds up what comes back in the order of these numbers, whoever is quicker. So a
 * sweep that ends early has played all worlds up to one, and none after it. Thread-safe.
 */
final class Assembly {
    /** How far the worlds that are handed out may be ahead of the first that is not back. */
    private static final int WINDOW = 4096;

    private final SweepPlan plan;
    private final List<Tally> tallies = new ArrayList<>();
    private final Played[] waiting = new Played[WINDOW];
    private long next;
    private long added;
    private End end;
    private boolean isClosed;

    Assembly(SweepPlan plan) {
        this.plan = plan;
        plan.scenarios().forEach(scenario -> tallies.add(new Tally(scenario)));
    }

    /** The number of a world to play; empty if there is no more. Waits while the worlds before it take long. */
    synchronized OptionalLong take() throws InterruptedException {
        while (end == null && next < plan.worlds() && next - added >= WINDOW) {
            wait();
        }
        return end == null && next < plan.worlds() ? OptionalLong.of(next++) : OptionalLong.empty();
    }

    /** The world with this number has been played. */
    synchronized void put(long number, Played played) {
        if (isClosed) {
            return;
        }
        waiting[(int) (number % WINDOW)] = played;
        while (end != End.VIOLATION && waiting[(int) (added % WINDOW)] != null) {
            Played due = waiting[(int) (added % WINDOW)];
            waiting[(int) (added % WINDOW)] = null;
            tallies.get(scenarioOf(added)).add(due);
            added++;
            if (plan.untilViolation() && !due.findings().isEmpty()) {
                end = End.VIOLATION;
            }
        }
        notifyAll();
    }

    int scenarioOf(long number) {
        return (int) (number % plan.scenarios().size());
    }

    long seedOf(long number) {
        return plan.firstSeed() + number / plan.scenarios().size();
    }

    /** No further world begins. */
    synchronized void end(End why) {
        if (end == null && next < plan.worlds()) {
            end = why;
        }
        notifyAll();
    }

    /** How many worlds are in the sums. */
    synchronized long added() {
        return added;
    }

    /** How many kinds of findings there are so far. */
    synchronized int findings() {
        return tallies.stream().mapToInt(tally -> tally.findings().size()).sum();
    }

    /** The sums so far; what is still under way is not waited for, and not added any more. */
    synchronized List<Tally> close() {
        end = end == null ? End.SEEDS : end;
        isClosed = true;
        return List.copyOf(tallies);
    }

    synchronized End why() {
        return end;
    }
}
