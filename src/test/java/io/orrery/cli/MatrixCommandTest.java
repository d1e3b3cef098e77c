package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.report.served.ReportServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
                        "--no-shrink",
                        "--out",
                        "" + folder),
                err.toString());
        String index = index();
        String page = Files.readString(folder.resolve("matrix.html"));
        Matcher links = Pattern.compile("href=\"([^\"]+)\"").matcher(page);
        int count = 0;
        while (links.find()) {
            assertTrue(Files.exists(folder.resolve(links.group(1))), links.group(1));
            assertTrue(index.contains("\"/" + links.group(1) + "\""), links.group(1) + " is not in " + index);
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

    /** What {@code reports} shows of the folder. */
    private String index() throws IOException {
        try (ReportServer server = ReportServer.start(folder, 0);
                InputStream in = server.address().toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aViolatedCellIsMadeSmall() throws IOException {
        Path csv = folder.resolve("figures.csv");
        assertEquals(
                ExitCode.OK,
                run(
                        "matrix",
                        "scenarios/matrix/calm.conf",
                        "--protocol",
                        "primary-causal",
                        "--seeds",
                        "2",
                        "--json",
                        "--csv",
                        "" + csv,
                        "--out",
                        "" + folder),
                err.toString());
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(List.of(), JsonShape.problems("matrix.schema.json", json));
        JsonNode cell = json.at("/0/protocols/0/models/linearizable");
        int steps = cell.at("/small/steps").asInt();
        assertTrue(steps >= 2 && steps <= 3, cell.toString());
        assertTrue(
                Files.readString(csv)
                        .contains("Without faults,primary-causal,linearizable,violated,2," + cell.get("violated") + ","
                                + cell.get("seed") + "," + steps + "\r\n"),
                Files.readString(csv));
        String small = folder.resolve("calm-primary-causal-linearizable.conf").toString();
        assertEquals("./run.sh sim " + small, cell.at("/small/command").asText());
        assertEquals(ExitCode.OK, run("sim", small));
        assertTrue(Files.readString(folder.resolve("matrix.html"))
                .contains("<a href=\"calm-primary-causal-linearizable/"));
        assertTrue(index().contains("calm-primary-causal-linearizable"));
    }

    @Test
    void theCommandOfACellShowsItsViolation() throws IOException {
        assertEquals(
                ExitCode.OK,
                run(
                        "matrix",
                        "scenarios/matrix/faults.conf",
                        "--protocol",
                        "lamport-lww",
                        "--seeds",
                        "20",
                        "--no-shrink",
                        "--json"));
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
                run(
                        "matrix",
                        "scenarios/matrix/calm.conf",
                        "--protocol",
                        "zoo-clock-not-moved",
                        "--seeds",
                        "20",
                        "--no-shrink"));
    }

    /** They are on a page, with pictures, and in files: each is found anew, and drawn anew. */
    @Test
    void modelsAreComparedByTheHistoriesThatAreInFiles() throws IOException {
        Path csv = folder.resolve("models.csv");
        Path kept = folder.resolve("kept");
        assertEquals(
                ExitCode.OK,
                run("matrix", "--models", "--json", "--csv", "" + csv, "--out", "" + kept),
                err.toString());
        assertEquals(List.of(), JsonShape.problems("models.schema.json", new ObjectMapper().readTree(out.toString())));
        assertTrue(
                Files.readString(csv).contains("causal-cm,causal-ccv,4,A: w(x)=1 r(x)=2 | B: w(x)=2 r(x)=1\r\n"),
                Files.readString(csv));
        String page = Files.readString(Path.of("src", "site", "markdown", "consistency.md"));
        Map<String, String> now = texts(kept);
        Map<String, String> files = new TreeMap<>(texts(Path.of("scenarios", "histories", "models")));
        files.putAll(texts(Path.of("src", "site", "resources", "images", "histories")));
        assertEquals(files, now, "to write them anew: ./run.sh matrix --models --out DIR");
        for (String name : now.keySet()) {
            assertTrue(!name.endsWith(".svg") || page.contains("images/histories/" + name), name);
        }
    }

    private static Map<String, String> texts(Path of) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(of)) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }

    @Test
    void theNumberOfOperationsOfComparedModelsIsBounded() {
        assertEquals(ExitCode.USAGE, run("matrix", "--models", "--operations", "10"));
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
        assertEquals(
                ExitCode.OK,
                run("matrix", "" + story, "--protocol", "lamport-lww", "--seeds", "3", "--no-shrink", "--json"));
        JsonNode row = new ObjectMapper().readTree(out.toString()).at("/0/protocols/0");
        assertEquals("violated", row.at("/models/read-your-writes/answer").asText());
        assertEquals(0, row.get("failures").size(), row.toString());
    }

    @Test
    @Timeout(20)
    void aFolderThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(ExitCode.USAGE, run("matrix", "--seeds", "100000000", "--out", "" + file));
        assertEquals(ExitCode.USAGE, run("matrix", "--models", "--operations", "9", "--out", "" + file));
        assertEquals(ExitCode.USAGE, run("matrix", "--seeds", "100000000", "--csv", "" + folder.resolve("no/file")));
        assertTrue(err.toString().startsWith("cannot write " + file), err.toString());
        assertTrue(err.toString().contains("cannot write " + folder.resolve("no/file")), err.toString());
    }

    @Test
    void badInputIsAnError() {
        assertEquals(ExitCode.USAGE, run("matrix", "--seeds", "0"));
        assertEquals(ExitCode.USAGE, run("matrix", "--protocol", "lamport"));
        assertTrue(err.toString().contains("lamport-lww"), err.toString());
    }
}
