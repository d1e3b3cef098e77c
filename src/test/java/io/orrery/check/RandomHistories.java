package io.orrery.check;

import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Small random histories: overlapping operations, reads that see some write or none, all by one seed. */
final class RandomHistories {
    /** What may occur in them. */
    record Shape(
            int processes,
            int operations,
            int keys,
            boolean distinctValues,
            boolean cas,
            boolean deletes,
            boolean unknowns,
            boolean versions,
            boolean nodes) {
        static Shape of(int processes, int operations, int keys) {
            return new Shape(processes, operations, keys, true, false, false, false, false, false);
        }

        Shape repeated() {
            return new Shape(processes, operations, keys, false, cas, deletes, unknowns, versions, nodes);
        }

        Shape withCas() {
            return new Shape(processes, operations, keys, false, true, deletes, unknowns, versions, nodes);
        }

        Shape withDeletes() {
            return new Shape(processes, operations, keys, distinctValues, cas, true, unknowns, versions, nodes);
        }

        Shape withUnknowns() {
            return new Shape(processes, operations, keys, distinctValues, cas, deletes, true, versions, nodes);
        }

        Shape withVersions() {
            return new Shape(processes, operations, keys, distinctValues, cas, deletes, unknowns, true, nodes);
        }

        Shape withNodes() {
            return new Shape(processes, operations, keys, distinctValues, cas, deletes, unknowns, versions, true);
        }
    }

    private final RandomGenerator random;
    private final Shape shape;
    private final List<Event> events = new ArrayList<>();
    private final List<Event> written = new ArrayList<>();
    private int nextValue = 1;

    private RandomHistories(RandomGenerator random, Shape shape) {
        this.random = random;
        this.shape = shape;
    }

    static History next(RandomGenerator random, Shape shape) {
        return new RandomHistories(random, shape).make();
    }

    private History make() {
        Event[] open = new Event[shape.processes];
        boolean[] ended = new boolean[shape.processes];
        List<Event> allWrites = new ArrayList<>();
        int begun = 0;
        // Reads may see writes that begin later: the writes are drawn first.
        List<Event> plan = new ArrayList<>();
        for (int i = 0; i < shape.operations; i++) {
            Event planned = plan(i);
            plan.add(planned);
            if (planned.f() != Event.Function.READ) {
                allWrites.add(planned);
            }
        }
        for (int idle = 0; idle < 200 && (begun < plan.size() || anyOpen(open)); idle++) {
            int p = random.nextInt(shape.processes);
            if (ended[p]) {
                continue;
            }
            if (open[p] == null && begun < plan.size()) {
                Event next = plan.get(begun++);
                open[p] = new Event(
                        events.size(),
                        "p" + p,
                        Event.Type.INVOKE,
                        next.f(),
                        next.key(),
                        next.value(),
                        next.expected(),
                        null,
                        next.version(),
                        null,
                        null);
                events.add(withoutVersion(open[p]));
            } else if (open[p] != null) {
                ended[p] = complete(open[p], allWrites);
                open[p] = null;
            }
        }
        return History.of(events);
    }

    private static boolean anyOpen(Event[] open) {
        for (Event event : open) {
            if (event != null) {
                return true;
            }
        }
        return false;
    }

    private static Event withoutVersion(Event e) {
        return new Event(
                e.time(), e.process(), e.type(), e.f(), e.key(), e.value(), e.expected(), null, null, null, null);
    }

    private Event plan(int number) {
        Key key = Key.of("k" + random.nextInt(shape.keys));
        Version version = shape.versions ? Version.of(1 + random.nextInt(9), "n" + number) : null;
        if (random.nextInt(100) < 50) {
            return Event.invokeRead(0, "", key);
        }
        if (shape.cas && random.nextInt(3) == 0) {
            return Event.invokeCas(0, "", key, value(), value());
        }
        if (shape.deletes && random.nextInt(4) == 0) {
            return new Event(
                    0, "", Event.Type.INVOKE, Event.Function.DELETE, key, null, null, null, version, null, null);
        }
        return new Event(0, "", Event.Type.INVOKE, Event.Function.WRITE, key, value(), null, null, version, null, null);
    }

    private Value value() {
        return Value.of(shape.distinctValues ? nextValue++ : random.nextInt(3));
    }

    /** Completes an operation; true where its process ends with it. */
    private boolean complete(Event open, List<Event> allWrites) {
        int luck = random.nextInt(100);
        long now = events.size();
        // Versions that only reads tell are of interest where there are several such writes.
        int unknown = !shape.unknowns ? 0 : shape.versions ? 40 : 12;
        if (luck < unknown) {
            if (luck < unknown / 2) {
                events.add(withoutVersion(open).info(now, null));
            }
            return true;
        }
        if (luck > 95) {
            events.add(withoutVersion(open).fail(now, null));
            return false;
        }
        NodeId node = shape.nodes ? NodeId.of("n" + random.nextInt(2)) : null;
        Event done;
        if (open.f() == Event.Function.READ) {
            Event seen = pick(open.key(), allWrites);
            done = Event.ok(
                    now,
                    open.process(),
                    open.f(),
                    open.key(),
                    seen == null ? null : seen.value(),
                    seen == null ? null : seen.version());
        } else if (open.f() == Event.Function.CAS) {
            done = Event.okCas(now, open.process(), open.key(), open.expected(), open.value(), random.nextInt(3) > 0);
        } else {
            written.add(open);
            done = Event.ok(now, open.process(), open.f(), open.key(), open.value(), open.version());
        }
        events.add(node == null ? done : done.at(node));
        return false;
    }

    /** Mostly one of the last writes to the key, so that many histories are good ones. */
    private Event pick(Key key, List<Event> allWrites) {
        List<Event> same = written.stream().filter(w -> w.key().equals(key)).toList();
        int luck = random.nextInt(10);
        if (luck < 5 && !same.isEmpty()) {
            return same.get(same.size() - 1);
        }
        List<Event> any = allWrites.stream().filter(w -> w.key().equals(key)).toList();
        return luck < 6 || any.isEmpty() ? null : any.get(random.nextInt(any.size()));
    }
}
