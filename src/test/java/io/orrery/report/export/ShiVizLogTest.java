package io.orrery.report.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.model.Outcome;
import io.orrery.report.DurationText;
import io.orrery.simulation.TraceEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShiVizLogTest {
    /** ShiViz's default, where a dot is no end of a line as JavaScript knows them. */
    private static final Pattern DEFAULT = Pattern.compile("(?<event>.*)\\n(?<host>\\S*) (?<clock>\\{.*\\})");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private record Logged(String event, String host, Map<String, Long> clock) {
        /** Whether what happened there was known here. */
        boolean knows(Logged other) {
            return clock.getOrDefault(other.host, 0L) >= other.clock.get(other.host);
        }
    }

    private static List<Logged> parse(Traced traced) throws JsonProcessingException {
        List<String> lines = ShiVizLog.lines(traced.run().scenario().replicas(), traced.events());
        String text = String.join("\n", lines) + "\n";
        List<Logged> logged = new ArrayList<>();
        Matcher matcher = DEFAULT.matcher(text);
        while (matcher.find()) {
            Map<String, Long> clock = MAPPER.readValue(matcher.group("clock"), new TypeReference<>() {});
            logged.add(new Logged(matcher.group("event"), matcher.group("host"), clock));
        }
        assertEquals(lines.size(), 2 * logged.size(), "two lines for each event");
        return logged;
    }

    /** The events that the log tells, in its order. */
    private static List<TraceEvent> told(Traced traced) {
        return traced.events().stream()
                .filter(it -> !(it instanceof TraceEvent.Faulted))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lamport-outage", "cops-lost-ring", "quorum-load", "vector-load", "primary-linearizable"})
    void everyEventIsParsedAndEachHostCountsItsOwn(String scenario) throws JsonProcessingException {
        Traced traced = Traced.file(scenario);
        List<Logged> logged = parse(traced);
        assertEquals(told(traced).size(), logged.size());
        Map<String, Logged> last = new HashMap<>();
        for (Logged it : logged) {
            Logged before = last.put(it.host(), it);
            assertEquals(
                    before == null ? 1 : before.clock().get(it.host()) + 1,
                    it.clock().get(it.host()));
            if (before != null) {
                before.clock()
                        .forEach((host, count) -> assertTrue(it.clock().get(host) >= count, "clocks never go back"));
            }
            it.clock()
                    .forEach((host, count) -> assertTrue(
                            last.containsKey(host) && last.get(host).clock().get(host) >= count,
                            "nobody knows what has not happened"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lamport-outage", "cops-lost-ring", "quorum-load", "vector-load", "primary-linearizable"})
    void whoReceivesKnowsAllThatTheSenderKnew(String scenario) throws JsonProcessingException {
        Traced traced = Traced.file(scenario);
        List<TraceEvent> events = told(traced);
        List<Logged> logged = parse(traced);
        Map<List<Object>, Logged> sent = new HashMap<>();
        Map<String, Logged> asked = new HashMap<>();
        Map<String, Logged> last = new HashMap<>();
        Set<String> checked = new HashSet<>();
        for (int i = 0; i < events.size(); i++) {
            Logged here = logged.get(i);
            if (events.get(i) instanceof TraceEvent.Sent it) {
                sent.put(List.of(it.from(), it.to(), it.id()), here);
            } else if (events.get(i) instanceof TraceEvent.Delivered it) {
                assertDominates(here, sent.get(List.of(it.from(), it.to(), it.id())));
                checked.add("message");
            } else if (events.get(i) instanceof TraceEvent.Invoked it) {
                asked.put(it.client(), here);
            } else if (events.get(i) instanceof TraceEvent.Received it) {
                assertDominates(here, asked.get(it.client()));
                checked.add("request");
            } else if (events.get(i) instanceof TraceEvent.Returned it && it.outcome() instanceof Outcome.Done) {
                assertDominates(here, last.get(it.via().name()));
                checked.add("answer");
            }
            last.put(here.host(), here);
        }
        assertEquals(Set.of("message", "request", "answer"), checked);
    }

    private static void assertDominates(Logged later, Logged earlier) {
        earlier.clock().forEach((host, count) -> assertTrue(later.clock().getOrDefault(host, 0L) >= count));
        assertFalse(earlier.knows(later));
    }

    @Test
    void whatIsCutOffKnowsNothingOfTheOtherSide() throws JsonProcessingException {
        List<Logged> logged = parse(Traced.text("""
                protocol = lamport-lww
                replicas = [A, B]
                links    = [{ cut = true }]
                settle   = 1s
                steps    = [
                  { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
                  { at = 1s, via = B, client = bob, get = x }
                ]
                """));
        assertTrue(logged.stream().anyMatch(it -> it.event().contains(": lost ")));
        for (Logged it : logged) {
            assertTrue(Set.of("A", "alice").containsAll(it.clock().keySet())
                    || Set.of("B", "bob").containsAll(it.clock().keySet()));
        }
    }

    /** Names and values that the expression could take for a host, a clock or the end of a line. */
    @Test
    void noTextOfAScenarioIsTakenForAHostOrAClock() throws JsonProcessingException {
        Traced traced = Traced.text("""
                protocol = lamport-lww
                replicas = [A, B]
                steps    = [
                  { at = 0s, via = A, client = "{ } x", put = { key = "{\\"A\\":7}", value = "a\\u2028b" } }
                  { at = 0s, via = A, client = "A", put = { key = "y\\nA {\\"A\\":7}", value = { a = 1 } } }
                  { at = 1s, via = B, client = "{_}_x", get = "{\\"A\\":7}" }
                ]
                """);
        List<Logged> logged = parse(traced);
        assertEquals(told(traced).size(), logged.size());
        Set<String> hosts = new HashSet<>();
        for (int i = 0; i < logged.size(); i++) {
            hosts.add(logged.get(i).host());
            String time = DurationText.exact(told(traced).get(i).nanos()) + " s: ";
            assertTrue(logged.get(i).event().startsWith(time), logged.get(i).event());
        }
        assertEquals(Set.of("A", "B", "{_}_x", "A~2", "{_}_x~2"), hosts);
    }
}
