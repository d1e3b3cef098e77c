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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
        JsonNode cell = new ObjectMapper().readTree(out.toString()).at("/0/protocols/0/models/sequential");
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
    void badInputIsAnError() {
        assertEquals(ExitCode.USAGE, run("matrix", "--seeds", "0"));
        assertEquals(ExitCode.USAGE, run("matrix", "--protocol", "lamport"));
        assertTrue(err.toString().contains("lamport-lww"), err.toString());
    }
}
