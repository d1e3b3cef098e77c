package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Program.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The least of the executions that show one thing: the fewest events without which it would not be there, and of as many the
 * fewest that overtake each other.
 */
final class Example {
    private List<Happening> whole;
    private List<Happening> least;
    private int overtaken;

    /**
     * Takes an execution if it is less than the last that was taken.
     *
     * @param matters by the place of an event whether the thing is seen in it; it is there with all that leads to it
     */
    void offer(List<Event> events, IntPredicate matters) {
        List<Happening> needed = needed(events, matters);
        if (least != null && needed.size() > least.size()) {
            return;
        }
        int late = overtaken(needed);
        if (least == null || needed.size() < least.size() || late < overtaken) {
            least = needed;
            overtaken = late;
            whole = events.stream().map(Happening.class::cast).toList();
        }
    }

    private static List<Happening> needed(List<Event> events, IntPredicate matters) {
        boolean[] isNeeded = new boolean[events.size()];
        long receivers = 0; // those at which a later event is needed
        List<Happening> needed = new ArrayList<>();
        for (int i = events.size() - 1; i >= 0; i--) {
            Event event = events.get(i);
            long receiver = 1L << event.receiver();
            if (isNeeded[i] || (receivers & receiver) != 0 || matters.test(i)) {
                receivers |= receiver;
                needed.add(0, (Happening) event);
                if (event.cause() != null) {
                    isNeeded[event.cause().place] = true;
                }
            }
        }
        return needed;
    }

    private static int overtaken(List<Happening> events) {
        int overtaken = 0;
        for (int j = 1; j < events.size(); j++) {
            for (int i = 0; i < j; i++) {
                if (events.get(i).receiver() == events.get(j).receiver()
                        && events.get(j).isDueBefore(events.get(i))) {
                    overtaken++;
                }
            }
        }
        return overtaken;
    }

    /** The execution, whole. */
    List<Happening> whole() {
        return inOrder(whole);
    }

    /** The events that are needed of it, in words. */
    List<String> text() {
        return inOrder(least).stream().map(Object::toString).toList();
    }

    /** The same for each receiver, and otherwise each event as soon as it is due. */
    private static List<Happening> inOrder(List<Happening> events) {
        List<Happening> left = new ArrayList<>(events);
        List<Happening> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            Happening next = null;
            long receivers = 0;
            for (Happening event : left) {
                long receiver = 1L << event.receiver();
                boolean isFirst = (receivers & receiver) == 0;
                receivers |= receiver;
                if (isFirst && !left.contains(event.cause()) && (next == null || event.isDueBefore(next))) {
                    next = event;
                }
            }
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }
}
