package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.history.HistoryReader;
import io.orrery.history.HistoryWriter;
import io.orrery.model.Value;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The verdicts that porcupine, knossos and Bouajjani et al. give for their own histories. */
class KnownVerdictsTest {
    static final Path HISTORIES = find(Path.of("").toAbsolutePath());

    /** Beside the project, or beside a folder above it. */
    private static Path find(Path from) {
        for (Path folder = from; folder != null; folder = folder.getParent()) {
            Path candidate = folder.resolveSibling("shared").resolve("histories");
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    static Path histories() {
        String named = System.getenv("ORRERY_HISTORIES");
        Path folder = named == null ? HISTORIES : Path.of(named);
        assumeTrue(
                folder != null && Files.isDirectory(folder),
                "no ../shared/histories beside the project (or in ORRERY_HISTORIES): nothing to compare with");
        return folder;
    }

    @Test
    void all94VerdictsAgree() throws IOException {
        Path folder = histories();
        List<String> wrong = new ArrayList<>();
        int judged = 0;
        for (String line : Files.readAllLines(folder.resolve("verdicts.tsv"))) {
            String[] cells = line.split("\t");
            if (!cells[0].equals("file")) {
                Verdict verdict = Checker.check(
                        HistoryReader.read(folder.resolve(cells[0])),
                        Model.parse(cells[1]),
                        CheckOptions.DEFAULT.withInitial(Value.parse(cells[2])));
                judged++;
                if (!verdict.word().equals(Boolean.parseBoolean(cells[3]) ? "holds" : "violated")) {
                    wrong.add(line + " -> " + verdict);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(94, judged);
    }

    @Test
    void linesOutOfOrderOfTheirTimesAreJudgedInOrder() throws IOException {
        Path file = histories().resolveSibling("cases").resolve("index.jsonl");
        assertEquals(Verdict.HOLDS, Checker.check(HistoryReader.read(file), Model.LINEARIZABLE, CheckOptions.DEFAULT));
    }

    @Test
    void theirFilesAreWrittenAsTheyWereRead() throws IOException {
        Path folder = histories();
        for (String name : List.of("etcd/etcd_000.jsonl", "knossos/memstress3-0.jsonl", "popl17/b.jsonl")) {
            StringWriter out = new StringWriter();
            try (HistoryWriter writer = HistoryWriter.jsonLines(out)) {
                writer.append(HistoryReader.read(folder.resolve(name)));
            }
            assertEquals(Files.readString(folder.resolve(name)), out.toString());
        }
    }
}
