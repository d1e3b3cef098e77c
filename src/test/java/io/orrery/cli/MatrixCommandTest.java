package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The matrix as a whole is in the README, where another test compares it with what the command prints. */
class MatrixCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @Test
    void aViolatedCellLeadsToItsRun() throws IOException {
        assertEquals(
                ExitCode.OK,
                run(
                        "matrix",
                        "scenarios/matrix/calm.conf",
                        "--protocol",
                        "last-arrival",
                        "--seeds",
                        "3",
                        "--out",
                        "" + folder),
                err.toString());
        String page = Files.readString(folder.resolve("matrix.html"));
        Matcher links = Pattern.compile("href=\"([^\"]+)\"").matcher(page);
        int count = 0;
        while (links.find()) {
            assertTrue(Files.exists(folder.resolve(links.group(1))), links.group(1));
            count++;
        }
        assertEquals(
                out.toString()
                        .lines()
                        .filter(it -> it.startsWith("last-arrival"))
                        .findFirst()
                        .orElseThrow()
                        .chars()
                        .filter(mark -> mark == '✗')
                        .count(),
                count);
        assertTrue(count > 5, page);
    }

    @Test
    void theCommandOfACellShowsItsViolation() throws IOException {
        assertEquals(
                ExitCode.OK,
                run("matrix", "scenarios/matrix/faults.conf", "--protocol", "lamport-lww", "--seeds", "20", "--json"));
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(List.of(), JsonShape.problems("matrix.schema.json", json));
        JsonNode cell = json.at("/0/protocols/0/models/sequential");
        assertEquals("violated", cell.get("answer").asText());
        String[] words = cell.get("command").asText().split(" ");
        StringWriter again = new StringWriter();
        String[] sim = Arrays.copyOfRange(words, 1, words.length);
        assertEquals(ExitCode.OK, Main.run(new PrintWriter(again, true), new PrintWriter(err, true), sim));
        assertTrue(again.toString().contains("✗"), again.toString());
    }

    @Test
    void aBrokenProtocolBreaksItsPromise() {
        assertEquals(
                ExitCode.NO,
                run("matrix", "scenarios/matrix/calm.conf", "--protocol", "zoo-clock-not-moved", "--seeds", "20"));
    }

    @Test
    void modelsAreComparedByHistoriesThatAreKept() throws IOException {
        assertEquals(ExitCode.OK, run("matrix", "--models", "--operations", "2", "--out", "" + folder), err.toString());
        assertTrue(out.toString().contains("seq>lin"), out.toString());
        Path history = folder.resolve("seq-not-lin.jsonl");
        assertEquals(ExitCode.OK, run("check", "" + history, "--model", "sequential"));
        assertEquals(ExitCode.NO, run("check", "" + history, "--model", "linearizable"));
        assertEquals(ExitCode.USAGE, run("matrix", "--models", "--operations", "9"));
        assertEquals(ExitCode.USAGE, run("matrix", "--operations", "3"));
        assertEquals(ExitCode.USAGE, run("matrix", "--models", "--protocol", "cops"));
    }

    /** What steps expect was written for one protocol, and some promises are to clients that stay alone. */
    @Test
    void whatIsNoPromiseIsNotBroken() throws IOException {
        Path story = Files.writeString(folder.resolve("story.conf"), """
                protocol = lamport-lww
                replicas = [A, B]
                steps = [
                  { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
                  { at = 0s, via = B, client = alice, get = x, expect = 1 }
                ]
                """);
        assertEquals(ExitCode.OK, run("matrix", "" + story, "--protocol", "lamport-lww", "--seeds", "3", "--json"));
        JsonNode row = new ObjectMapper().readTree(out.toString()).at("/0/protocols/0");
        assertEquals("violated", row.at("/models/read-your-writes/answer").asText());
        assertEquals(0, row.get("failures").size(), row.toString());
    }

    @Test
    @Timeout(20)
    void aFolderThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(ExitCode.USAGE, run("matrix", "--seeds", "100000000", "--out", "" + file));
        assertEquals(ExitCode.USAGE, run("matrix", "--models", "--operations", "8", "--out", "" + file));
        assertTrue(err.toString().startsWith("cannot write " + file), err.toString());
    }

    @Test
    void badInputIsAnError() {
        assertEquals(ExitCode.USAGE, run("matrix", "--seeds", "0"));
        assertEquals(ExitCode.USAGE, run("matrix", "--protocol", "lamport"));
        assertTrue(err.toString().contains("lamport-lww"), err.toString());
    }
}
