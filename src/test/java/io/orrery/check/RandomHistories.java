package io.orrery.check;

import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Small random histories: overlapping operations, reads that see some write or none, all by one seed. */
final class RandomHistories {
    /** What may occur in them. */
    enum May {
        REPEATED_VALUES,
        CAS,
        DELETES,
        UNKNOWNS,
        VERSIONS,
        /** Of the versions about half are missing. */
        SOME_VERSIONS,
        /** Versions mostly rise. */
        RISING_VERSIONS,
        NODES,
        /** Of the nodes about half are missing. */
        SOME_NODES
    }

    /** How large they are, and what may occur in them. */
    record Shape(int processes, int operations, int keys, Set<May> may) {
        static Shape of(int processes, int operations, int keys, May... may) {
            Set<May> all = EnumSet.noneOf(May.class);
            all.addAll(List.of(may));
            return new Shape(processes, operations, keys, all);
        }

        /** Any shape at all, but with no more operations. */
        static Shape any(RandomGenerator random, int operations) {
            Set<May> all = EnumSet.noneOf(May.class);
            for (May one : May.values()) {
                if (random.nextInt(one == May.CAS ? 6 : 2) == 0) {
                    all.add(one);
                }
            }
            return new Shape(2 + random.nextInt(2), 2 + random.nextInt(operations - 1), 1 + random.nextInt(2), all);
        }

        private Shape with(May... more) {
            Set<May> all = EnumSet.copyOf(List.of(more));
            all.addAll(may);
            return new Shape(processes, operations, keys, all);
        }

        boolean has(May one) {
            return may.contains(one);
        }

        Shape repeated() {
            return with(May.REPEATED_VALUES);
        }

        Shape withCas() {
            return with(May.CAS, May.REPEATED_VALUES);
        }

        Shape withDeletes() {
            return with(May.DELETES);
        }

        Shape withUnknowns() {
            return with(May.UNKNOWNS);
        }

        Shape withVersions() {
            return with(May.VERSIONS);
        }

        Shape withNodes() {
            return with(May.NODES);
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
                e.time(), e.process(), e.type(), e.f(), e.key(), e.value(), e.expected(), e.result(), null, null, null);
    }

    private Event plan(int number) {
        Key key = Key.of("k" + random.nextInt(shape.keys));
        int counter = 1 + (shape.has(May.RISING_VERSIONS) ? 2 * number + random.nextInt(4) : random.nextInt(9));
        Version version = shape.has(May.VERSIONS) ? Version.of(counter, "n" + number) : null;
        if (random.nextInt(100) < 50) {
            return Event.invokeRead(0, "", key);
        }
        if (shape.has(May.CAS) && random.nextInt(3) == 0) {
            return new Event(
                    0, "", Event.Type.INVOKE, Event.Function.CAS, key, value(), value(), null, version, null, null);
        }
        if (shape.has(May.DELETES) && random.nextInt(4) == 0) {
            return new Event(
                    0, "", Event.Type.INVOKE, Event.Function.DELETE, key, null, null, null, version, null, null);
        }
        return new Event(0, "", Event.Type.INVOKE, Event.Function.WRITE, key, value(), null, null, version, null, null);
    }

    private Value value() {
        return Value.of(shape.has(May.REPEATED_VALUES) ? random.nextInt(3) : nextValue++);
    }

    /** Completes an operation; true where its process ends with it. */
    private boolean complete(Event open, List<Event> allWrites) {
        int luck = random.nextInt(100);
        long now = events.size();
        // Versions that only reads tell are of interest where there are several such writes.
        int unknown = !shape.has(May.UNKNOWNS) ? 0 : shape.has(May.VERSIONS) ? 40 : 12;
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
        boolean asked = shape.has(May.NODES) && !(shape.has(May.SOME_NODES) && random.nextBoolean());
        NodeId node = asked ? NodeId.of("n" + random.nextInt(2)) : null;
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
            boolean matched = random.nextInt(3) > 0;
            Event found = matched ? open : pick(open.key(), allWrites);
            done = new Event(
                    now,
                    open.process(),
                    Event.Type.OK,
                    open.f(),
                    open.key(),
                    open.value(),
                    open.expected(),
                    matched,
                    found == null ? null : found.version(),
                    null,
                    null);
            written.add(open);
        } else {
            written.add(open);
            done = Event.ok(now, open.process(), open.f(), open.key(), open.value(), open.version());
        }
        if (shape.has(May.SOME_VERSIONS) && random.nextBoolean()) {
            done = withoutVersion(done);
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
