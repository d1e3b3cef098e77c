package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What check takes for histories, and how it tells of several. */
class CheckFilesTest {
    private static final String HOLDS = """
            {"process":"a","type":"invoke","f":"write","value":1}
            {"process":"a","type":"ok","f":"write","value":1}
            """;

    private static final String VIOLATED = """
            {:process 0, :type :invoke, :f :write, :value 1}
            {:process 0, :type :ok, :f :write, :value 1}
            {:process 1, :type :invoke, :f :read, :value nil}
            {:process 1, :type :ok, :f :read, :value nil}
            """;

    @TempDir
    private Path folder;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran check(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("check"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private static Ran linearizable(Object file) {
        return check(file, "--model", "linearizable");
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void gzipIsReadWhateverItIsCalled() throws IOException {
        Path file = folder.resolve("run.jsonl");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(VIOLATED.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(1, linearizable(file).exitCode());
        byte[] all = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(all, all.length - 9));
        Ran cut = linearizable(file);
        assertEquals(2, cut.exitCode());
        String damaged = file + ": it begins as gzip does, but is damaged or ends too soon\n";
        assertEquals(damaged, cut.err());
        Arrays.fill(all, 10, 20, (byte) 0xFF);
        Files.write(file, all);
        assertEquals(new Ran(2, "", damaged), linearizable(file));
    }

    @Test
    void theStandardInputIsRead() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(HOLDS.getBytes(StandardCharsets.UTF_8)));
        try {
            Ran ran = linearizable("-");
            assertEquals(0, ran.exitCode(), ran.err());
            assertTrue(ran.out().startsWith("-: 1 operation of 1 process on 1 key\n"), ran.out());
            System.setIn(new ByteArrayInputStream("{\"process\":1}".getBytes(StandardCharsets.UTF_8)));
            Ran refused = linearizable("-");
            assertEquals(2, refused.exitCode());
            assertTrue(refused.err().startsWith("standard input:1: there is no f"), refused.err());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aPipeIsReadHoweverLittleItGivesAtOnce() throws Exception {
        Path pipe = folder.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertEquals(0, made.waitFor());
        Thread writer = new Thread(() -> {
            try (OutputStream out = Files.newOutputStream(pipe)) {
                for (byte b : ("[" + HOLDS.strip().replace("\n", ",\n") + "]").getBytes(StandardCharsets.UTF_8)) {
                    out.write(b);
                    out.flush();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        Ran ran = linearizable(pipe);
        writer.join();
        assertEquals(0, ran.exitCode(), ran.err());
    }

    @Test
    void aStoreOfJepsenStandsForItsRuns() throws IOException {
        file("store/etcd/20200101/history.edn", VIOLATED);
        file("store/etcd/20200101/jepsen.log", "x");
        Path people = file("store/etcd/20200101/history.txt", "0\t:invoke\t:write\t1\n");
        file("store/etcd/20200102/history.edn", "");
        file("store/etcd/20200102/independent/1/history.edn", VIOLATED);
        Files.createSymbolicLink(folder.resolve("store/latest"), folder.resolve("store/etcd/20200101"));
        Path one = folder.resolve("store/latest");
        assertEquals(1, linearizable(one).exitCode());
        Ran ran = linearizable(folder.resolve("store"));
        assertEquals(1, ran.exitCode());
        assertEquals(
                folder + "/store/etcd/20200101/history.edn  violated\n" + folder
                        + "/store/etcd/20200102/history.edn  holds\n"
                        + "2 histories: 1 holds, 1 violated, 0 undecided; check one alone to see why\n",
                ran.out());
        assertEquals(
                new Ran(2, "", people + ": Jepsen writes history.txt for people; name the history.edn beside it\n"),
                linearizable(people));
    }

    @Test
    void ofSeveralThereIsALineForEach() throws IOException {
        Path holds = file("a.jsonl", HOLDS);
        Path violated = file("longer.edn", VIOLATED);
        Path refused = file("c.edn", "{:process 0}");
        Path xml = folder.resolve("report.xml");
        Ran ran = check(holds, violated, refused, "--model", "linearizable,sequential", "--junit-xml", xml);
        List<String> lines = ran.out().lines().toList();
        assertEquals(folder + "/a.jsonl     holds", lines.get(0));
        assertEquals(folder + "/longer.edn  violated: linearizable", lines.get(1));
        assertTrue(
                lines.get(2).startsWith(folder + "/c.edn       refused: " + refused + ":1: there is no :f"), ran.out());
        assertEquals(
                "3 histories: 1 holds, 1 violated, 0 undecided, 1 refused; check one alone to see why", lines.get(3));
        assertEquals(2, ran.exitCode(), "what could not be read is told above all");
        assertEquals(1, check(holds, violated, "--model", "linearizable").exitCode());
        JsonNode json = new ObjectMapper()
                .readTree(check(holds, violated, refused, "--model", "linearizable", "--json")
                        .out());
        assertEquals(3, json.size());
        assertTrue(json.get(2).get("refused").textValue().contains("there is no :f"), json.toString());
    }

    @Test
    void aReportForJUnitsReadersHasASuiteForEachHistory() throws Exception {
        Path holds = file("a.jsonl", HOLDS);
        Path violated = file("b.edn", VIOLATED.replace(":value 1", ":value \"<&\\u0001\""));
        Path refused = file("c.edn", "{:process 0}");
        Path xml = folder.resolve("report.xml");
        check(holds, violated, refused, "--model", "linearizable,sequential", "--junit-xml", xml);
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(xml.toFile())
                .getDocumentElement();
        NodeList suites = root.getElementsByTagName("testsuite");
        assertEquals(3, suites.getLength());
        Element second = (Element) suites.item(1);
        assertEquals(violated.toString(), second.getAttribute("name"));
        assertEquals(
                "2 1 0",
                second.getAttribute("tests") + " " + second.getAttribute("failures") + " "
                        + second.getAttribute("errors"));
        Element failure = (Element) second.getElementsByTagName("failure").item(0);
        assertEquals("linearizable", ((Element) failure.getParentNode()).getAttribute("name"));
        assertTrue(failure.getAttribute("message").contains("<&"), failure.getAttribute("message"));
        assertTrue(failure.getTextContent().contains("1 read r = nothing"), failure.getTextContent());
        assertEquals(1, ((Element) suites.item(2)).getElementsByTagName("error").getLength());
        assertEquals(
                2,
                check(holds, "--model", "pram", "--junit-xml", folder.resolve("no/where.xml"))
                        .exitCode());
    }

    @Test
    void thousandsOfFilesAreJudgedInOneGo() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            file("store/t/" + i + "/history.edn", i == 1_500 ? VIOLATED : HOLDS);
        }
        Ran ran = linearizable(folder.resolve("store"));
        assertEquals(1, ran.exitCode());
        assertTrue(
                ran.out().endsWith("3000 histories: 2999 hold, 1 violated, 0 undecided; check one alone to see why\n"));
    }

    @Test
    void filesOfClientsAreJudgedTogether() throws IOException {
        Path writer = file("a.jsonl", """
                {"time":10,"process":"a","type":"invoke","f":"write","key":"x","value":1}
                {"time":20,"process":"a","type":"ok","f":"write","key":"x","value":1}
                """);
        Path reader = file("b.jsonl", """
                {"time":30,"process":"b","type":"invoke","f":"read","key":"x"}
                {"time":40,"process":"b","type":"ok","f":"read","key":"x","value":null}
                """);
        Ran ran = check("--together", reader, writer, "--model", "linearizable");
        assertEquals(1, ran.exitCode(), ran.err());
        assertTrue(
                ran.out().startsWith(reader + " + " + writer + ": 2 operations of 2 processes on 1 key\n"), ran.out());
        Ran untimed = check("--together", reader, file("c.jsonl", HOLDS), "--model", "linearizable");
        assertEquals(2, untimed.exitCode());
        assertTrue(untimed.err().startsWith(folder + "/c.jsonl:1: there is no time; "), untimed.err());
    }

    @Test
    void aRegisterThatStartsAtZeroGetsAHint() throws IOException {
        Path file = file("a.edn", """
                {:process 0, :type :invoke, :f :read, :value nil}
                {:process 0, :type :ok, :f :read, :value 0}
                {:process 0, :type :invoke, :f :write, :value 0}
                {:process 0, :type :ok, :f :write, :value 0}
                """);
        String hint = "reads saw 0 before anything wrote it; if that is what each key starts with, say --initial 0";
        Ran ran = linearizable(file);
        assertEquals(1, ran.exitCode());
        assertTrue(ran.out().contains("\n  hint: " + hint + "\n"), ran.out());
        assertTrue(check(file, "--model", "linearizable", "--json").out().contains("\"hint\" : \"" + hint + "\""));
        assertEquals(0, check(file, "--model", "linearizable", "--initial", "0").exitCode());
        Files.writeString(file, VIOLATED);
        assertFalse(linearizable(file).out().contains("hint"), "nothing was read before something was written");
        Files.writeString(file, VIOLATED.replace(":ok, :f :read, :value nil", ":ok, :f :read, :value 2"));
        Ran thinAir = linearizable(file);
        assertEquals(1, thinAir.exitCode());
        assertFalse(thinAir.out().contains("hint"), "what is read after a write was not there at the start");
    }

    @Test
    void aWarningNamesTheLineOfAProcessThatGoesOn() throws IOException {
        Path file = file("a.edn", """
                {:process 0, :type :invoke, :f :write, :value 1}
                {:process 0, :type :info, :f :write, :value 1}
                {:process 0, :type :invoke, :f :read, :value nil}
                {:process 0, :type :ok, :f :read, :value nil}
                """);
        Ran ran = linearizable(file);
        assertEquals(0, ran.exitCode());
        assertTrue(
                ran.err().startsWith("warning: " + file + ":3: process 0 goes on after its info of line 2"), ran.err());
    }
}
