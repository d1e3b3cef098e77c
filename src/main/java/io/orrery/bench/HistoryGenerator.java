package io.orrery.bench;

import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Generates large histories that hold by construction, from a seed: distinct values, half of the operations are reads.
 */
public final class HistoryGenerator {
    private final SplittableRandom random;
    private final Key[] keys;
    private final String[] processes;
    private final List<Event> events = new ArrayList<>();
    private long nextValue = 1;

    private HistoryGenerator(int processes, int keys, long seed) {
        random = new SplittableRandom(seed);
        this.keys = new Key[keys];
        Arrays.setAll(this.keys, k -> Key.of("k" + k));
        this.processes = new String[processes];
        Arrays.setAll(this.processes, p -> "p" + p);
    }

    /** Operations overlap, and each takes effect at one moment between its invocation and its completion. */
    public static History linearizable(int operations, int processes, int keys, long seed) {
        return new HistoryGenerator(processes, keys, seed).linearizable(operations);
    }

    /**
     * Every process follows one log of writes with some lag, and a write of its own moves it to the end of the log:
     * sequential, not linearizable.
     */
    public static History sequential(int operations, int processes, int keys, long seed) {
        return new HistoryGenerator(processes, keys, seed).followingLog(operations, true);
    }

    /**
     * Every process follows one log of writes with some lag and sees its own writes at once; the later write in the log
     * wins. Causally convergent, with conflicts; few of these histories are sequential.
     */
    public static History convergent(int operations, int processes, int keys, long seed) {
        return new HistoryGenerator(processes, keys, seed).followingLog(operations, false);
    }

    private History linearizable(int operations) {
        Value[] store = new Value[keys.length];
        int[] key = new int[processes.length];
        Event[] open = new Event[processes.length];
        Value[] seen = new Value[processes.length];
        boolean[] effective = new boolean[processes.length];
        int begun = 0;
        int ended = 0;
        while (ended < operations) {
            int p = random.nextInt(processes.length);
            if (open[p] == null) {
                if (begun < operations) {
                    begun++;
                    key[p] = random.nextInt(keys.length);
                    open[p] = random.nextBoolean()
                            ? Event.invokeRead(events.size(), processes[p], keys[key[p]])
                            : Event.invokeWrite(events.size(), processes[p], keys[key[p]], Value.of(nextValue++));
                    effective[p] = false;
                    events.add(open[p]);
                }
            } else if (!effective[p]) {
                effective[p] = true;
                if (open[p].f() == Event.Function.WRITE) {
                    store[key[p]] = open[p].value();
                }
                seen[p] = store[key[p]];
            } else {
                Value value = open[p].f() == Event.Function.WRITE ? open[p].value() : seen[p];
                events.add(Event.ok(events.size(), processes[p], open[p].f(), open[p].key(), value, null));
                open[p] = null;
                ended++;
            }
        }
        return History.of(events);
    }

    /** A write in the log. */
    private record Entry(int key, long value) {}

    private History followingLog(int operations, boolean catchUp) {
        List<Entry> log = new ArrayList<>();
        int[] position = new int[processes.length];
        // By process and key: the position in the log of the visible write, from 1.
        List<Map<Integer, Integer>> views = new ArrayList<>();
        for (int p = 0; p < processes.length; p++) {
            views.add(new HashMap<>());
        }
        for (int i = 0; i < operations; i++) {
            int p = random.nextInt(processes.length);
            int k = random.nextInt(keys.length);
            Map<Integer, Integer> view = views.get(p);
            boolean write = random.nextBoolean();
            if (write) {
                log.add(new Entry(k, nextValue++));
            }
            int behind = log.size() - position[p];
            int to = write && catchUp ? log.size() : position[p] + random.nextInt(behind + 1);
            for (; position[p] < to; position[p]++) {
                view.merge(log.get(position[p]).key(), position[p] + 1, Math::max);
            }
            if (write) {
                view.put(k, log.size());
            }
            record(
                    p,
                    k,
                    write,
                    view.containsKey(k) ? Value.of(log.get(view.get(k) - 1).value()) : null);
        }
        return History.of(events);
    }

    private void record(int p, int k, boolean write, Value value) {
        Event.Function f = write ? Event.Function.WRITE : Event.Function.READ;
        events.add(Event.invoke(events.size(), processes[p], f, keys[k], write ? value : null));
        events.add(Event.ok(events.size(), processes[p], f, keys[k], value, null));
    }
}
