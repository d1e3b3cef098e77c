package io.orrery.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines that contradict each other, or the times and indices in them. */
class EventOrderTest {
    private static History read(String... lines) {
        try {
            return HistoryReader.read(new StringReader(String.join("\n", lines)), "h");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String line(String more, String process, String type, String f) {
        return "{" + more + ",\"process\":\"" + process + "\",\"type\":\"" + type + "\",\"f\":\"" + f
                + "\",\"key\":\"x\",\"value\":1}";
    }

    private static List<String> ops(History history) {
        return history.ops().stream().map(Op::words).toList();
    }

    @Test
    void linesInAnotherOrderThanTheirTimesAreSorted() {
        History history = read(
                line("\"time\":20", "b", "invoke", "read"),
                line("\"time\":30", "b", "ok", "read"),
                line("\"time\":0", "a", "invoke", "write"),
                line("\"time\":10", "a", "ok", "write"));
        assertEquals(List.of("a wrote x = 1", "b read x = 1"), ops(history));
        assertEquals(
                List.of("h: line 3 has the time 0, and line 2 above it 30; the events were put in order"),
                history.warnings());
    }

    @Test
    void equalTimesStayInTheOrderOfTheirLines() {
        History history = read(
                line("\"time\":5", "b", "invoke", "read"),
                line("\"time\":5", "b", "ok", "read"),
                line("\"time\":5", "a", "invoke", "write"),
                line("\"time\":5", "a", "ok", "write"));
        assertEquals(List.of("b read x = 1", "a wrote x = 1"), ops(history));
        assertEquals(List.of(), history.warnings());
    }

    @Test
    void whatWouldTurnRoundAProcessStaysAsItStands() {
        History history = read(
                line("\"time\":20", "b", "invoke", "read"),
                line("\"time\":10", "b", "ok", "read"),
                line("\"time\":0", "a", "invoke", "write"),
                line("\"time\":5", "a", "ok", "write"));
        assertEquals(List.of("b read x = 1", "a wrote x = 1"), ops(history));
        assertEquals(
                List.of(
                        "h: line 2 has the time 10, and line 1 above it 20, and sorting would reorder the operations of "
                                + "a process; the lines are taken as they stand"),
                history.warnings());
    }

    @Test
    void anIndexInEveryLineCountsForMoreThanTimes() {
        String[] lines = {
            line("\"index\":2,\"time\":0", "b", "invoke", "read"),
            line("\"index\":3,\"time\":1", "b", "ok", "read"),
            line("\"index\":0,\"time\":2", "a", "invoke", "write"),
            line("\"index\":1,\"time\":3", "a", "ok", "write")
        };
        assertEquals(List.of("a wrote x = 1", "b read x = 1"), ops(read(lines)));
        lines[3] = line("\"time\":3", "a", "ok", "write");
        assertEquals(List.of("b read x = 1", "a wrote x = 1"), ops(read(lines)));
        assertEquals(
                List.of("a wrote r = 1", "b read r = 1"),
                ops(read(
                        "{:process b, :type :invoke, :f :read, :value nil, :index 2}",
                        "{:process b, :type :ok, :f :read, :value 1, :index 3}",
                        "{:process a, :type :invoke, :f :write, :value 1, :index 0}",
                        "{:process a, :type :ok, :f :write, :value 1, :index 1}")));
    }

    @Test
    void aCompletionIsOfWhatWasInvoked() {
        String write = line("\"time\":0", "a", "invoke", "write");
        assertEquals(
                "h:2: process a completes a write of 2, but it began one of 1 in line 1",
                assertThrows(
                                MalformedHistoryException.class,
                                () -> read(
                                        write,
                                        line("\"time\":1", "a", "ok", "write").replace(":1}", ":2}")))
                        .getMessage());
        String cas = line("\"time\":0", "a", "invoke", "cas").replace(":1}", ":[1,2]}");
        assertEquals(
                "h:2: process a completes a cas of [1,3], but it began one of [1,2] in line 1",
                assertThrows(
                                MalformedHistoryException.class,
                                () -> read(cas, cas.replace("invoke", "ok").replace("[1,2]", "[1,3]")))
                        .getMessage());
        // What did not happen, or nobody knows of, may be told with anything.
        read(write, line("\"time\":1", "a", "info", "write").replace(":1}", ":2}"));
        read(write.replace(":1}", ":null}"), line("\"time\":1", "a", "ok", "write"));
    }
}
