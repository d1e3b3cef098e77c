package io.orrery.explore.sweep;

import io.orrery.explore.sweep.SweepResult.End;
import io.orrery.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Hands out the numbers of worlds, and adds up what comes back in the order of these numbers, whoever is quicker. So a
 * sweep that ends early has played all worlds up to one, and none after it. A world may come back more than once, and counts
 * once. Thread-safe.
 */
public final class Assembly {
    /** How far the worlds that are handed out may be ahead of the first that is not back. */
    private static final int WINDOW = 4096;

    private final SweepPlan plan;
    private final List<Tally> tallies = new ArrayList<>();
    /** One for each scenario; none where nothing guides. */
    private final List<Guide> guides = new ArrayList<>();

    private final Played[] waiting = new Played[WINDOW];
    private long next;
    private long added;
    private End end;
    private boolean isClosed;

    /**
     * Worlds with successive numbers.
     *
     * @param first the number of the first
     * @param count at least 1
     */
    public record Span(long first, int count) {}

    public Assembly(SweepPlan plan) {
        this.plan = plan;
        for (Scenario scenario : plan.scenarios()) {
            tallies.add(new Tally(scenario, plan.coverage()));
            if (plan.isGuided()) {
                guides.add(new Guide(plan.firstSeed()));
            }
        }
    }

    /** The number of a world to play; empty if there is no more. Waits while the worlds before it take long. */
    synchronized OptionalLong take() throws InterruptedException {
        while (end == null && next < plan.worlds() && isEarly()) {
            wait();
        }
        return end == null && next < plan.worlds() ? OptionalLong.of(next++) : OptionalLong.empty();
    }

    private boolean isEarly() {
        long generation = (long) Guide.GENERATION * plan.scenarios().size();
        return plan.isGuided() ? next / generation > added / generation : next - added >= WINDOW;
    }

    /** What to play as the world with this number. */
    public synchronized Turn turn(long number) {
        return plan.isGuided()
                ? guides.get(scenarioOf(number)).turn(number / plan.scenarios().size())
                : Turn.fresh(seedOf(number), plan.strategy());
    }

    /** The numbers of the next worlds to play, at most so many; empty if there are none now. Does not wait. */
    public synchronized Optional<Span> take(int most) {
        long count = Math.min(most, Math.min(plan.worlds() - next, WINDOW - (next - added)));
        if (end != null || count <= 0) {
            return Optional.empty();
        }
        Span span = new Span(next, (int) count);
        next += count;
        return Optional.of(span);
    }

    /** The world with this number has been played. */
    public synchronized void put(long number, Played played) {
        if (isClosed || number < added || number >= next) {
            return;
        }
        waiting[(int) (number % WINDOW)] = played;
        while (end != End.VIOLATION && waiting[(int) (added % WINDOW)] != null) {
            Played due = waiting[(int) (added % WINDOW)];
            waiting[(int) (added % WINDOW)] = null;
            tallies.get(scenarioOf(added)).add(seedOf(added), due);
            if (plan.isGuided()) {
                guides.get(scenarioOf(added)).add(due.turn(), due.footprint());
            }
            added++;
            if (plan.untilViolation() && !due.findings().isEmpty()) {
                end = End.VIOLATION;
            }
        }
        notifyAll();
    }

    /** Under which of the plan's scenarios a world is played. */
    public int scenarioOf(long number) {
        return (int) (number % plan.scenarios().size());
    }

    /** Of a guided sweep the seed that the world would have if nothing guided: it counts the worlds. */
    public long seedOf(long number) {
        return plan.firstSeed() + number / plan.scenarios().size();
    }

    /** No further world begins. */
    public synchronized void end(End why) {
        if (end == null && next < plan.worlds()) {
            end = why;
        }
        notifyAll();
    }

    /** Whether no world begins any more, and all that have begun are in the sums, or need not be. */
    public synchronized boolean isComplete() {
        return end == End.VIOLATION || (end != null || next >= plan.worlds()) && added == next;
    }

    /** How many worlds are in the sums. */
    public synchronized long added() {
        return added;
    }

    /** How many kinds of findings there are so far. */
    public synchronized int findings() {
        return tallies.stream().mapToInt(tally -> tally.findings().size()).sum();
    }

    /** The sums so far; what is still under way is not waited for, and not added any more. */
    public synchronized List<Tally> close() {
        end = end == null ? End.SEEDS : end;
        isClosed = true;
        return List.copyOf(tallies);
    }

    /** Why it has ended; null while it has not. */
    public synchronized End why() {
        return end;
    }
}
