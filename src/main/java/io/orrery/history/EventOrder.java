package io.orrery.history;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The order that the events of a source declare: by index if each has one, otherwise by time. If the lines are in
 * another order, the events are sorted, unless that would reorder the events of a process.
 */
final class EventOrder {
    private final Told byTime = new Told("time");
    private final Told byIndex = new Told("index");
    /** The index of each event; kept only as long as every event has one. */
    private long[] index = new long[0];

    private int events;
    private boolean indexed = true;

    /** The first line that index or time puts before a line above it. */
    private static final class Told {
        private final String name;
        private long latest = Long.MIN_VALUE;
        private long latestLine;
        private String contradiction;

        private Told(String name) {
            this.name = name;
        }

        void see(long place, long line) {
            if (place < latest && contradiction == null) {
                contradiction = String.format(
                        "line %d has the %s %d, and line %d above it %d", line, name, place, latestLine, latest);
            }
            if (place >= latest) {
                latest = place;
                latestLine = line;
            }
        }
    }

    /** @param place the event's own index; null if it has none */
    void add(Event event, Long place, long line) {
        byTime.see(event.time(), line);
        indexed &= place != null;
        if (indexed) {
            byIndex.see(place, line);
            if (events == index.length) {
                index = Arrays.copyOf(index, Math.max(64, 2 * events));
            }
            index[events] = place;
        } else {
            index = new long[0];
        }
        events++;
    }

    /** The first two lines that contradict their declared order, in words; null if there are none. */
    String contradiction() {
        return indexed ? byIndex.contradiction : byTime.contradiction;
    }

    /** The events in their declared order; null if a process would complete before it invokes. */
    Event[] sorted(List<Event> lines) {
        long[] place = indexed ? index : lines.stream().mapToLong(Event::time).toArray();
        Map<String, Long> last = new HashMap<>();
        for (int i = 0; i < events; i++) {
            Long before = last.put(lines.get(i).process(), place[i]);
            if (before != null && before > place[i]) {
                return null;
            }
        }
        return IntStream.range(0, events)
                .boxed()
                .sorted(Comparator.comparingLong(i -> place[i]))
                .map(lines::get)
                .toArray(Event[]::new);
    }
}
