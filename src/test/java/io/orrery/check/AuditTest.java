package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.history.Event;
import io.orrery.history.Event.Function;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final Key X = Key.of("x");

    private final List<Event> events = new ArrayList<>();

    private void done(Function f, Integer value, String version) {
        String process = "p" + events.size();
        Value written = value == null ? null : Value.of(value);
        events.add(Event.invoke(events.size(), process, f, X, written));
        events.add(Event.ok(events.size(), process, f, X, written, version == null ? null : Version.parse(version)));
    }

    private void unknown(Function f, Integer value) {
        Event begin = Event.invoke(events.size(), "p" + events.size(), f, X, value == null ? null : Value.of(value));
        events.add(begin);
        events.add(begin.info(events.size(), "no answer"));
    }

    private void refused(int value) {
        Event begin = Event.invoke(events.size(), "p" + events.size(), Function.WRITE, X, Value.of(value));
        events.add(begin);
        events.add(begin.fail(events.size(), "no"));
    }

    private static Map<Key, Convergence.Content> holds(int value, String version) {
        return Map.of(X, new Convergence.Content(Value.of(value), Version.parse(version)));
    }

    private List<String> lost(Map<Key, Convergence.Content> contents) {
        return Audit.lost(History.of(events), contents);
    }

    private List<String> invented(Map<Key, Convergence.Content> contents) {
        return Audit.invented(History.of(events), contents);
    }

    @Test
    void theSpellingOfAValueMakesNoLoss() {
        Value written = Value.parse("{\"b\":1,\"a\":\"\\u00e9\"}");
        Event begin = Event.invokeWrite(0, "p", X, written);
        events.add(begin);
        events.add(Event.ok(1, "p", Function.WRITE, X, written, Version.of(1, "A")));
        Map<Key, Convergence.Content> held = Map.of(X, new Convergence.Content(written, Version.of(1, "A")));
        assertEquals(List.of(), lost(held));
        assertEquals(List.of(), invented(held));
    }

    @Test
    void whatIsThereOrSupersededIsNotLost() {
        done(Function.WRITE, 1, "1@A");
        done(Function.WRITE, 2, "2@A");
        assertEquals(List.of(), lost(holds(2, "2@A")));
        assertEquals(
                List.of("p2 wrote x = 2 at version 2@A, and in the end there is 1 at version 1@A"),
                lost(holds(1, "1@A")));
        assertEquals(2, lost(Map.of()).size());
    }

    @Test
    void twoWritesOfOneVersionAreALoss() {
        done(Function.WRITE, 1, "1@A");
        assertEquals(1, lost(holds(2, "1@A")).size());
    }

    @Test
    void aDeleteSupersedesWhatIsOlderAndIsLostWhereThatIsBack() {
        done(Function.WRITE, 1, "1@A");
        done(Function.DELETE, null, "2@A");
        assertEquals(List.of(), lost(Map.of()));
        assertEquals(1, lost(holds(1, "1@A")).size());
        done(Function.WRITE, 3, "3@A");
        assertEquals(1, lost(Map.of()).size(), "no delete has come after this one");
        unknown(Function.DELETE, null);
        assertEquals(List.of(), lost(Map.of()), "this one may have");
    }

    @Test
    void aWriteThatWasOnlyHandedOnHasLeftSomething() {
        done(Function.WRITE, 1, null);
        assertEquals(List.of(), lost(holds(2, "2@A")));
        assertEquals(1, lost(Map.of()).size());
    }

    @Test
    void whatNobodyWroteOrWasRefusedIsInvented() {
        done(Function.WRITE, 1, "1@A");
        unknown(Function.WRITE, 2);
        refused(3);
        assertEquals(List.of(), invented(holds(1, "1@A")));
        assertEquals(List.of(), invented(holds(2, "2@A")));
        assertEquals(List.of("x = 3 at version 3@A"), invented(holds(3, "3@A")));
        assertEquals(List.of("x = 4 at version 4@A"), invented(holds(4, "4@A")));
    }
}
