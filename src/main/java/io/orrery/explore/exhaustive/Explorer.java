package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Program.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs a program once for each class of executions that no receiver can tell apart: two executions are of one class if each
 * receiver has the same events in the same order. This is optimal dynamic partial-order reduction with wakeup trees
 * (Abdulla et al., POPL 2014) for message passing, where two events depend on each other only if they have one receiver or
 * one causes the other. So two events race if they come one right after the other at one receiver, and the second does not
 * need the first.
 *
 * <p>Two things go beyond that paper. An event may disable others of its receiver, as a crash stops timers: it races with
 * them, although they are not in the execution. And an event may have to wait for another of its receiver, as on a link
 * that keeps the order.
 *
 * <p>Executions must be finite. Not thread-safe.
 */
public final class Explorer {
    /** Sees each execution at its end, while the program is still there. */
    public interface Visitor {
        /** @param events in the order in which they were executed; valid during the call */
        void execution(List<Event> events);
    }

    /**
     * What was explored.
     *
     * @param executions how many classes of executions, each run once
     * @param isComplete whether these are all
     * @param estimate how many there are, as far as can be told: exact if complete
     * @param longest how many events the longest had
     */
    public record Result(long executions, boolean isComplete, double estimate, int longest) {}

    /** A prefix of the execution at hand. */
    private static final class Level {
        private final List<Event> enabled;
        /** Events that were explored here, or before: executions that could begin with one of them have been seen. */
        private final List<Event> sleep;
        /** What is still to be explored after the prefix; the first child is the one at hand. */
        private final WakeupTree tree;
        /** How many events have been explored here. */
        private int explored;

        Level(List<Event> enabled, List<Event> sleep, WakeupTree tree) {
            this.enabled = enabled;
            this.sleep = sleep;
            this.tree = tree;
        }
    }

    private final Program program;
    private final Visitor visitor;
    private final List<Level> levels = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private long executions;
    private int longest;
    // For one race at a time.
    private final List<Event> without = new ArrayList<>();
    private boolean[] depends = new boolean[64];
    private int[] dependent = new int[8];
    private int mark;

    public Explorer(Program program, Visitor visitor) {
        this.program = program;
        this.visitor = visitor;
    }

    /** How many executions were seen until now. */
    public long executions() {
        return executions;
    }

    /**
     * Explores until all is seen or the budget is spent. An execution in whose midst that happens is not seen.
     *
     * @param isSpent asked again and again, within executions too
     */
    public Result explore(BooleanSupplier isSpent) {
        program.restart();
        levels.clear();
        events.clear();
        levels.add(new Level(program.enabled(), new ArrayList<>(), new WakeupTree(null)));
        while (runToTheEnd(isSpent)) {
            executions++;
            longest = Math.max(longest, events.size());
            visitor.execution(events);
            if (!reverseRaces(isSpent)) {
                break;
            }
            if (!backtrack()) {
                return new Result(executions, true, executions, longest);
            }
        }
        return new Result(executions, false, estimate(), longest);
    }

    /** Returns false if the budget is spent before. */
    private boolean runToTheEnd(BooleanSupplier isSpent) {
        while (!isSpent.getAsBoolean()) {
            Level top = levels.get(events.size());
            if (top.tree.children().isEmpty()) {
                if (top.enabled.isEmpty()) {
                    return true;
                }
                top.tree.children().add(new WakeupTree(firstAwake(top)));
            }
            WakeupTree next = top.tree.children().get(0);
            Event event = next.event();
            event.place = events.size();
            events.add(event);
            program.execute(event);
            List<Event> sleep = new ArrayList<>();
            for (Event asleep : top.sleep) {
                if (asleep.receiver() != event.receiver()) {
                    sleep.add(asleep);
                }
            }
            levels.add(new Level(program.enabled(), sleep, next));
        }
        return false;
    }

    private static Event firstAwake(Level level) {
        for (Event event : level.enabled) {
            if (!level.sleep.contains(event)) {
                return event;
            }
        }
        throw new IllegalStateException(
                "an execution was begun that has been seen: the program does not keep to its contract");
    }

    /** Goes back to the last prefix after which something is still to be explored. Returns false if there is none. */
    private boolean backtrack() {
        do {
            if (events.isEmpty()) {
                return false;
            }
            levels.remove(levels.size() - 1);
            Level top = levels.get(levels.size() - 1);
            top.sleep.add(events.remove(events.size() - 1));
            top.tree.children().remove(0);
            top.explored++;
        } while (levels.get(levels.size() - 1).tree.children().isEmpty());
        program.restart();
        for (int i = 0; i < events.size(); i++) {
            events.get(i).place = i;
            program.execute(events.get(i));
        }
        return true;
    }

    /**
     * For each two events that race, has the execution explored in which they come the other way round. Returns false if the
     * budget is spent before.
     */
    private boolean reverseRaces(BooleanSupplier isSpent) {
        for (int i = 0; i < events.size(); i++) {
            if (isSpent.getAsBoolean()) {
                return false;
            }
            int receiver = events.get(i).receiver();
            for (int j = i + 1; j < events.size(); j++) {
                if (events.get(j).receiver() == receiver) {
                    reverse(i, events.get(j));
                    break;
                }
            }
            List<Event> after = levels.get(i + 1).enabled;
            for (Event before : levels.get(i).enabled) {
                if (before.receiver() == receiver && before != events.get(i) && !after.contains(before)) {
                    reverse(i, before); // It has been disabled.
                }
            }
        }
        return true;
    }

    /** @param second another event of the same receiver, the next one or one that the first disables */
    private void reverse(int first, Event second) {
        if (second.after() == events.get(first)) {
            return;
        }
        leaveOut(first);
        if (second.cause() != null && second.cause().place >= first && depends[second.cause().place]) {
            return;
        }
        without.add(second);
        Level level = levels.get(first);
        for (Event asleep : level.sleep) {
            if (WakeupTree.mayComeFirst(asleep, without)) {
                return; // It has been explored.
            }
        }
        level.tree.insert(without);
    }

    /** Collects what comes after an event and does not depend on it, directly or not. */
    private void leaveOut(int first) {
        if (depends.length < events.size()) {
            depends = new boolean[2 * events.size()];
        }
        mark++;
        without.clear();
        for (int i = first; i < events.size(); i++) {
            Event event = events.get(i);
            if (event.receiver() >= dependent.length) {
                dependent = Arrays.copyOf(dependent, 2 * event.receiver());
            }
            depends[i] = i == first
                    || dependent[event.receiver()] == mark
                    || event.cause() != null && event.cause().place >= first && depends[event.cause().place];
            if (depends[i]) {
                dependent[event.receiver()] = mark;
            } else {
                without.add(event);
            }
        }
    }

    /**
     * How many executions there are, as far as can be told: those seen, divided by the share of the tree that they make up
     * if all branches of a node, as far as they are known, are alike (after Knuth, "Estimating the efficiency of backtrack
     * programs", 1975).
     */
    public double estimate() {
        double share = 0;
        double weight = 1;
        for (Level level : levels) {
            int branches = level.explored + level.tree.children().size();
            if (branches == 0) {
                break;
            }
            weight /= branches;
            share += weight * level.explored;
        }
        return share == 0 ? 1 : Math.max(executions, executions / share);
    }
}
