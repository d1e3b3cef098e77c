package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Options;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.HistoryWriter;
import io.orrery.history.Op;
import io.orrery.launch.TestCluster.Held;
import io.orrery.protocol.Promises;
import io.orrery.report.VerdictText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What clients recorded, held against what all replicas hold in the end and against what the protocol promises. */
final class Evidence {
    private Evidence() {}

    /** @param directory where the history is kept, for who wants to know more when it is found wanting */
    static void judge(History history, Map<String, Held> contents, Promises promises, Path directory) {
        keep(history, directory.resolve("history.jsonl"));
        assertNothingIsLost(history, contents);
        assertNothingIsInvented(history, contents);
        assertPromises(history, promises);
    }

    private static void keep(History history, Path file) {
        try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
            history.events().forEach(writer::append);
        }
    }

    /** What a client was told of is there, or something newer. */
    private static void assertNothingIsLost(History history, Map<String, Held> contents) {
        for (Op op : history.ops()) {
            if (op.isOk() && op.version() != null) {
                Held held = contents.get(op.key().name());
                assertTrue(held != null, () -> "lost: " + op);
                int newer = held.version().compareTo(op.version());
                assertTrue(
                        newer > 0
                                || newer == 0 && held.value().equals(op.value().json()),
                        () -> op + ", and in the end there is " + held);
            }
        }
    }

    private static void assertNothingIsInvented(History history, Map<String, Held> contents) {
        Set<String> written = history.ops().stream()
                .filter(op -> op.isWrite() && !op.isFailed())
                .map(op -> op.key() + " = " + op.value().json())
                .collect(Collectors.toSet());
        contents.forEach((key, held) ->
                assertTrue(written.contains(key + " = " + held.value()), () -> "nobody wrote " + key + " = " + held));
    }

    private static void assertPromises(History history, Promises promises) {
        for (String name : promises.models()) {
            Model model = Model.parse(name);
            if (model.judgesHistories()) {
                Verdict verdict = Checker.check(history, model, Options.DEFAULT);
                assertEquals(
                        Verdict.HOLDS, verdict, () -> model + ": " + String.join("\n", VerdictText.reasons(verdict)));
            }
        }
    }
}
