package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.check.Audit;
import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Convergence;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.HistoryWriter;
import io.orrery.launch.TestCluster.Held;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.protocol.Promises;
import io.orrery.report.VerdictText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients recorded, held against what all replicas hold in the end and against what the protocol promises. */
final class Evidence {
    private Evidence() {}

    /** @param directory where the history is kept, for who wants to know more when it is found wanting */
    static void judge(History history, Map<String, Held> contents, Promises promises, Path directory) {
        keep(history, directory.resolve("history.jsonl"));
        assertEquals(List.of(), Audit.lost(history, held(contents)), "lost");
        assertEquals(List.of(), Audit.invented(history, held(contents)), "invented");
        assertPromises(history, promises);
    }

    private static void keep(History history, Path file) {
        try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
            history.events().forEach(writer::append);
        }
    }

    private static Map<Key, Convergence.Content> held(Map<String, Held> contents) {
        Map<Key, Convergence.Content> held = new TreeMap<>();
        contents.forEach(
                (key, it) -> held.put(Key.of(key), new Convergence.Content(new Value(it.value()), it.version())));
        return held;
    }

    private static void assertPromises(History history, Promises promises) {
        for (String name : promises.models()) {
            Model model = Model.parse(name);
            if (model.judgesHistories()) {
                Verdict verdict = Checker.check(history, model, CheckOptions.DEFAULT);
                assertEquals(
                        Verdict.HOLDS, verdict, () -> model + ": " + String.join("\n", VerdictText.reasons(verdict)));
            }
        }
    }
}
