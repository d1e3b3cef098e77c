package io.orrery.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several files as one history. */
class HistoryMergeTest {
    private static History together(String... files) {
        HistoryMerge historyMerge = new HistoryMerge();
        for (int i = 0; i < files.length; i++) {
            try {
                historyMerge.read(new ByteArrayInputStream(files[i].getBytes(StandardCharsets.UTF_8)), "file" + i);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return historyMerge.history();
    }

    private static String operation(Object process, long from, long to, String end) {
        return "{:process " + process + ", :type :invoke, :f :write, :value [1 2], :time " + from + "}\n{:process "
                + process + ", :type " + end + ", :f :write, :value [1 2], :time " + to + "}\n";
    }

    private static List<String> order(History history) {
        return history.events().stream()
                .map(event -> event.time() + " " + event.type() + " " + event.process())
                .toList();
    }

    @Test
    void eventsAreInTheOrderOfTheirTimesAndInvocationsComeFirst() {
        History history =
                together(operation("a", 10, 20, ":ok") + operation("a", 20, 25, ":ok"), operation("b", 20, 22, ":ok"));
        assertEquals(
                List.of("10 invoke a", "20 invoke b", "20 ok a", "20 invoke a", "22 ok b", "25 ok a"), order(history));
        assertEquals(List.of(), history.warnings());
    }

    @Test
    void aClientMayGoFromFileToFile() {
        History history = together(operation("a", 10, 20, ":ok"), operation("a", 30, 40, ":ok"));
        assertEquals(1, history.ops().stream().map(Op::process).distinct().count());
        assertEquals(List.of(), history.warnings());
    }

    @Test
    void twoClientsOfOneNameAreTwo() {
        History history =
                together(operation("a", 10, 20, ":ok"), operation("a", 15, 40, ":ok"), operation("b", 1, 2, ":ok"));
        assertEquals(
                List.of("b", "a of file0", "a of file1"),
                history.ops().stream().map(Op::process).toList());
        assertEquals(1, history.warnings().size());
        assertTrue(
                history.warnings().get(0).startsWith("process a is several clients"),
                history.warnings().toString());
    }

    @Test
    void whatIsUnknownInOneFileIsNotEndedInAnother() {
        History history = together(operation("a", 10, 20, ":info"), operation("a", 30, 40, ":ok"));
        assertEquals(2, history.ops().stream().map(Op::process).distinct().count());
        assertEquals(Op.NEVER, history.ops().get(0).completedAt());
    }

    @Test
    void namesAreOfAllFiles() {
        History history = together(operation("1", 10, 20, ":ok"), operation("\"1\"", 30, 40, ":ok"));
        assertEquals(2, history.ops().stream().map(Op::process).distinct().count());
    }
}
