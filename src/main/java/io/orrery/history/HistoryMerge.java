package io.orrery.history;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Merges several files, such as one per client, into one history. Their times must be of one clock. Of events with
 * equal times invocations come first, so that operations that may have overlapped do overlap.
 *
 * <p>A process continues from file to file. If it would have two operations open at once, or continue after an
 * operation with unknown outcome, the name stands for several clients, and each file gets a process of its own.
 */
public final class HistoryMerge {
    private final EventBuilder.Shared shared = new EventBuilder.Shared();
    private final List<History> parts = new ArrayList<>();
    private final List<String> sources = new ArrayList<>();

    /** An event, and which file it is from. */
    private record Placed(Event event, int part) {}

    /**
     * Reads a further file in UTF-8 to its end.
     *
     * @param source what messages call it
     * @throws MalformedHistoryException when it cannot be read, the events do not pair up, or one has no time
     * @throws IOException when the stream fails
     */
    public void read(InputStream in, String source) throws IOException {
        parts.add(HistoryReader.readTimed(in, source, shared));
        sources.add(source);
    }

    /** All that was read. */
    public History history() {
        List<Placed> events = merged();
        Set<String> split = split(events);
        Map<String, String> names = new HashMap<>();
        Set<String> taken =
                events.stream().map(it -> it.event().process()).collect(Collectors.toCollection(HashSet::new));
        History.Builder history = History.builder(String.join(", ", sources));
        parts.forEach(part -> part.warnings().forEach(history::warn));
        if (!split.isEmpty()) {
            history.warn("process " + split.iterator().next()
                    + " is several clients, because it has two operations open at once or goes on elsewhere after an info: it counts as "
                    + "another process in each file"
                    + (split.size() == 1 ? "" : " (the first of " + split.size() + " such processes)"));
        }
        long line = 0;
        for (Placed placed : events) {
            Event event = placed.event();
            history.add(
                    split.contains(event.process())
                            ? event.by(names.computeIfAbsent(
                                    event.process() + "\n" + placed.part(),
                                    key -> free(event.process() + " of " + sources.get(placed.part()), taken)))
                            : event,
                    ++line);
        }
        return history.build();
    }

    private static String free(String name, Set<String> taken) {
        String free = name;
        for (int i = 2; !taken.add(free); i++) {
            free = name + "/" + i;
        }
        return free;
    }

    private List<Placed> merged() {
        int[] next = new int[parts.size()];
        PriorityQueue<Placed> heads = new PriorityQueue<>(
                Comparator.comparingLong((Placed it) -> it.event().time())
                        .thenComparing(it -> it.event().type() != Event.Type.INVOKE)
                        .thenComparingInt(Placed::part));
        for (int part = 0; part < next.length; part++) {
            offer(part, next, heads);
        }
        List<Placed> merged = new ArrayList<>();
        for (Placed first = heads.poll(); first != null; first = heads.poll()) {
            merged.add(first);
            offer(first.part(), next, heads);
        }
        return merged;
    }

    private void offer(int part, int[] next, PriorityQueue<Placed> heads) {
        List<Event> events = parts.get(part).events();
        if (next[part] < events.size()) {
            heads.add(new Placed(events.get(next[part]++), part));
        }
    }

    /** The processes that cannot be the same client in all files. */
    private static Set<String> split(List<Placed> events) {
        Set<String> split = new LinkedHashSet<>();
        // The file in which each process has an open or unknown operation.
        Map<String, Integer> open = new HashMap<>();
        for (Placed placed : events) {
            String process = placed.event().process();
            Event.Type type = placed.event().type();
            if (type == Event.Type.INVOKE) {
                Integer elsewhere = open.put(process, placed.part());
                if (elsewhere != null && elsewhere != placed.part()) {
                    split.add(process);
                }
            } else if (type != Event.Type.INFO) {
                open.remove(process, placed.part());
            }
        }
        return split;
    }
}
