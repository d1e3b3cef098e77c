package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.RandomHistories.Shape;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told in addition never makes a violated history one that holds, and what is not told any more never the reverse. */
class MoreIsNeverLessTest {
    private static final int HISTORIES = 2_000;

    private final Map<Model, Integer> shown = new EnumMap<>(Model.class);

    /** Changes a history at random; null where there is nothing to change. */
    private interface Change {
        List<Event> of(SplittableRandom random, List<Event> events);
    }

    private void never(String from, String to, Change change) {
        for (int seed = 0; seed < HISTORIES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            History before = RandomHistories.next(random, Shape.any(random, 8));
            List<Event> changed = change.of(random, before.events());
            if (changed == null) {
                continue;
            }
            History after = History.of(changed);
            for (Model model : Model.values()) {
                if (model.judgesHistories()
                        && Checker.check(before, model, CheckOptions.DEFAULT)
                                .word()
                                .equals(from)) {
                    Verdict verdict = Checker.check(after, model, CheckOptions.DEFAULT);
                    int at = seed;
                    assertFalse(
                            verdict.word().equals(to),
                            () -> model + ", seed " + at + ": from " + from + " to " + verdict + "\n"
                                    + DefinitionsTest.text(before) + "\n" + DefinitionsTest.text(after));
                    shown.merge(model, 1, Integer::sum);
                }
            }
        }
        assertTrue(shown.size() == 10 && shown.values().stream().allMatch(n -> n > HISTORIES / 50), shown.toString());
    }

    private static boolean hasCas(List<Event> events) {
        return events.stream().anyMatch(event -> event.f() == Event.Function.CAS);
    }

    private static Key someKey(SplittableRandom random, List<Event> events) {
        return events.get(random.nextInt(events.size())).key();
    }

    /** Puts an operation of a process that has been there, or of a new one, between others. */
    private static List<Event> with(SplittableRandom random, List<Event> events, Event.Function f, Key key, Event end) {
        List<Event> all = new ArrayList<>(events);
        int at = random.nextInt(events.size() + 1);
        String process = idle(random, events, at);
        all.add(at, Event.invoke(0, process, f, key, f == Event.Function.WRITE ? end.value() : null));
        int until = process.equals("new") ? at + 1 + random.nextInt(all.size() - at) : at + 1;
        all.add(until, Event.ok(0, process, f, key, end.value(), end.version()).at(end.node()));
        return all;
    }

    private static String idle(SplittableRandom random, List<Event> events, int at) {
        String process = "p" + random.nextInt(4);
        Event last = events.subList(0, at).stream()
                .filter(event -> event.process().equals(process))
                .reduce((a, b) -> b)
                .orElse(null);
        return last == null || last.type() == Event.Type.OK || last.type() == Event.Type.FAIL ? process : "new";
    }

    private static Version someVersion(SplittableRandom random) {
        return random.nextInt(3) == 0 ? Version.of(1 + random.nextInt(20), "new") : null;
    }

    @Test
    void anotherRead() {
        never("violated", "holds", (random, events) -> {
            if (events.isEmpty()) {
                return null;
            }
            // Mostly of what is there: with the version of that, if it has one.
            Event like = events.get(random.nextInt(events.size()));
            Event end = Event.ok(
                            0,
                            "",
                            Event.Function.READ,
                            like.key(),
                            random.nextInt(4) == 0 ? null : like.value(),
                            random.nextInt(4) == 0 ? someVersion(random) : like.version())
                    .at(like.node());
            return with(random, events, Event.Function.READ, like.key(), end);
        });
    }

    @Test
    void aWriteOfAValueThatNobodyReads() {
        never("violated", "holds", (random, events) -> {
            if (events.isEmpty() || hasCas(events)) {
                // A cas that did not match tells nothing of what it found, which may be that value.
                return null;
            }
            Key key = someKey(random, events);
            Event end = Event.ok(0, "", Event.Function.WRITE, key, Value.of("unread"), someVersion(random));
            return with(random, events, Event.Function.WRITE, key, end);
        });
    }

    private static List<Event> version(SplittableRandom random, List<Event> events, boolean gone) {
        int[] places = IntStream.range(0, events.size())
                .filter(i -> events.get(i).type() == Event.Type.OK)
                .filter(i -> (events.get(i).version() == null) != gone)
                .toArray();
        if (places.length == 0) {
            return null;
        }
        List<Event> all = new ArrayList<>(events);
        int place = places[random.nextInt(places.length)];
        Event old = all.get(place);
        // Versions that are there, so that reads tell those of writes, and others.
        Version[] known = events.stream()
                .filter(event -> event.version() != null && event.key().equals(old.key()))
                .map(Event::version)
                .toArray(Version[]::new);
        Version added = known.length > 0 && old.f() == Event.Function.READ && random.nextBoolean()
                ? known[random.nextInt(known.length)]
                : Version.of(1 + random.nextInt(20), "new");
        all.set(
                place,
                new Event(
                        old.time(),
                        old.process(),
                        old.type(),
                        old.f(),
                        old.key(),
                        old.value(),
                        old.expected(),
                        old.result(),
                        gone ? null : added,
                        old.node(),
                        null));
        return all;
    }

    @Test
    void anotherVersion() {
        never("violated", "holds", (random, events) -> version(random, events, false));
    }

    @Test
    void aVersionThatIsTakenAway() {
        never("holds", "violated", (random, events) -> version(random, events, true));
    }

    @Test
    void nodesThatAreTakenAway() {
        // Without its node nothing tells that a read asked where another did.
        never(
                "holds",
                "violated",
                (random, events) -> events.stream()
                        .map(event -> new Event(
                                event.time(),
                                event.process(),
                                event.type(),
                                event.f(),
                                event.key(),
                                event.value(),
                                event.expected(),
                                event.result(),
                                event.version(),
                                null,
                                null))
                        .toList());
    }
}
