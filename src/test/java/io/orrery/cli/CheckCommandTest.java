package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.check.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
    private static final String STALE = """
            {"time":1,"process":"alice","type":"invoke","f":"write","key":"x","value":1}
            {"time":2,"process":"alice","type":"ok","f":"write","key":"x","value":1}
            {"time":3,"process":"carol","type":"invoke","f":"read","key":"x"}
            {"time":4,"process":"carol","type":"ok","f":"read","key":"x","value":null}
            """;

    @TempDir
    private Path folder;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Ran check(String text, String... options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("check", file("run.jsonl", text).toString()));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void whatHoldsIsExitCode0() throws IOException {
        Ran ran = check(STALE, "--model", "sequential,causal");
        assertEquals(new Ran(0, folder.resolve("run.jsonl") + """
                : 2 operations of 2 processes on 1 key
                  sequential  holds
                  causal-ccv  holds
                  staleness of 1 read: behind by 1 / 1 / 1 writes, 1 ns / 1 ns / 1 ns (median / 99th percentile / maximum)
                """, ""), ran);
    }

    @Test
    void aViolationIsExitCode1AndShowsItsWitness() throws IOException {
        Ran ran = check(STALE, "--model", "all");
        assertEquals(1, ran.exitCode());
        List<String> lines = ran.out().lines().toList();
        assertEquals("  linearizable         violated", lines.get(1));
        assertTrue(lines.contains("      1 to 2  alice wrote x = 1"), ran.out());
        assertTrue(lines.contains("      3 to 4  carol read x = nothing"), ran.out());
        assertTrue(lines.contains("  writes-follow-reads  holds"), ran.out());
    }

    @Test
    void modelsThatFailByOneWitnessShowItOnce() throws IOException {
        Ran ran = check(STALE.replace("carol", "alice"), "--model", "causal-cc,causal-cm");
        assertTrue(
                ran.out().contains("\n  causal-cm  violated, since it implies causal-cc, which is violated\n"),
                ran.out());
        String json = check(STALE.replace("carol", "alice"), "--model", "causal-cc,causal-cm", "--json")
                .out();
        assertTrue(json.contains("\"since\" : \"causal-cc\""), json);
        assertEquals(json.indexOf("\"since\""), json.lastIndexOf("\"since\""), json);
    }

    /** A read of what nobody wrote violates each model by itself. */
    @Test
    void noneOfThoseThatFailAloneIsSaidToFollowFromAnother() throws IOException {
        String text = STALE.replace("null", "7");
        Ran ran = check(text, "--model", "linearizable,read-your-writes");
        assertTrue(
                ran.out().contains("\n  read-your-writes  violated, by the same witness as linearizable\n"), ran.out());
    }

    @Test
    void reasonsFitTheTerminal() throws IOException {
        String before = System.getProperty("orrery.columns");
        System.setProperty("orrery.columns", "80");
        try {
            Ran ran = check(STALE, "--model", "all");
            assertTrue(ran.out().lines().skip(1).allMatch(line -> line.length() <= 80), ran.out());
            assertTrue(ran.out().lines().count() > 20, ran.out());
        } finally {
            if (before == null) {
                System.clearProperty("orrery.columns");
            } else {
                System.setProperty("orrery.columns", before);
            }
        }
    }

    @Test
    void undecidedIsExitCode3UnlessSomethingIsViolated() throws IOException {
        Ran ran = check(STALE, "--model", "converged,sequential");
        assertEquals(3, ran.exitCode());
        assertTrue(ran.out().contains("  converged   undecided\n    converged is judged from what the replicas hold"));
        assertEquals(1, check(STALE, "--model", "converged,linearizable").exitCode());
    }

    /** As a recorder leaves it that failed: it must not look as if all were well. */
    @Test
    void thereIsAWarningWhereThereIsNothingToJudge() throws IOException {
        Ran ran = check("", "--model", "all", "--json");
        assertEquals(0, ran.exitCode());
        assertEquals(
                folder.resolve("run.jsonl") + ": there is nothing to judge: the history has no operations\n",
                ran.err());
        String warning = "\"warnings\" : [ \"" + folder.resolve("run.jsonl")
                + ": there is nothing to judge: the history has no operations\" ]";
        assertTrue(ran.out().contains(warning), ran.out());
        assertEquals("", check(STALE, "--model", "causal").err());
    }

    @Test
    void theInitialValueIsThatOfEveryKey() throws IOException {
        String text = STALE.replace("null", "0");
        assertEquals(1, check(text, "--model", "sequential").exitCode());
        assertEquals(0, check(text, "--model", "sequential", "--initial", "0").exitCode());
    }

    @Test
    void modelsHaveTheNamesOfTheirColumnsToo() throws IOException {
        assertEquals(
                check(STALE, "--model", "linearizable,read-your-writes,causal-ccv"),
                check(STALE, "--model", "lin,ryw,ccv"));
    }

    @Test
    void aModelIsExplainedInTheWordsOfThePageThatDefinesIt() throws IOException {
        String out = check(STALE, "--model", "seq,causal-cm", "--explain").out();
        assertTrue(
                out.contains("  sequential\n"
                        + "    One order of all operations, over all keys, explains every read and keeps\n"
                        + "    the order of each process."),
                out);
        assertTrue(
                out.replaceAll("\\s+", " ").endsWith("as defined by Bouajjani et al., POPL 2017: causal memory.) "),
                out);
        assertTrue(out.lines().skip(4).allMatch(line -> line.length() <= 80), out);
        for (Model model : Model.values()) {
            String told = check(STALE, "--model", model.id(), "--explain").out();
            assertTrue(told.contains("  " + model + "\n    ") && told.contains("(Source:"), told);
        }
        assertEquals(2, check(STALE, "--model", "all", "--explain", "--json").exitCode());
    }

    @Test
    void severalFilesInEitherForm() throws IOException {
        String edn = """
                {:type :invoke, :f :write, :value ["x" 1], :process 0}
                {:type :ok, :f :write, :value ["x" 1], :process 0}
                """;
        Ran ran = run(
                "check", file("a.jsonl", STALE).toString(), file("b.edn", edn).toString(), "--model", "sequential");
        assertEquals(0, ran.exitCode(), ran.err());
        assertTrue(ran.out().contains("b.edn    holds\n"), ran.out());
    }

    @Test
    void jsonHasValuesWithAllTheirDigits() throws IOException {
        for (String value : List.of("\"half \\ud800\"", "1.2345678901234567890123")) {
            String out = check(STALE.replace("\"value\":1", "\"value\":" + value), "--model", "linearizable", "--json")
                    .out();
            assertTrue(out.contains("\"value\" : " + value), out);
        }
    }

    @Test
    void jsonIsAsItsSchemaSays() throws IOException {
        String cas = """
                {"time":1,"process":"p","type":"invoke","f":"cas","key":"x","value":[null,1]}
                {"time":2,"process":"p","type":"ok","f":"cas","key":"x","value":[null,1]}
                {"time":3,"process":"p","type":"invoke","f":"cas","key":"x","value":[null,2]}
                {"time":4,"process":"p","type":"ok","f":"cas","key":"x","value":[null,2]}
                """;
        Ran ran = run(
                "check",
                file("stale.jsonl", STALE).toString(),
                file("cas.jsonl", cas).toString(),
                file("none.jsonl", "").toString(),
                file("bad.jsonl", "{").toString(),
                "--model",
                "all",
                "--json");
        JsonNode json = new ObjectMapper().readTree(ran.out());
        assertEquals(4, json.size(), ran.out());
        assertEquals("violated", json.at("/1/verdicts/0/verdict").asText(), ran.out());
        assertEquals("undecided", json.at("/1/verdicts/2/verdict").asText(), ran.out());
        assertEquals(List.of(), JsonShape.problems("check.schema.json", json));
    }

    @Test
    void jsonHasVerdictsWitnessesAndFigures() throws IOException {
        Ran ran = check(STALE, "--model", "linearizable", "--json");
        assertEquals(1, ran.exitCode());
        JsonNode json = new ObjectMapper().readTree(ran.out()).get(0);
        assertEquals(2, json.get("operations").intValue());
        JsonNode verdict = json.get("verdicts").get(0);
        assertEquals("violated", verdict.get("verdict").textValue());
        assertEquals(
                "alice",
                verdict.get("witness").get("operations").get(0).get("process").textValue());
        assertEquals(1, json.get("staleness").get("versions").get("p99").intValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"time\":1 | 1",
                "{\"time\":5,\"process\":\"alice\",\"type\":\"ok\",\"f\":\"write\",\"key\":\"x\",\"value\":1} | 5",
                "{\"time\":5,\"process\":\"bob\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\",\"value\":1} | 5",
                "{\"time\":5,\"process\":\"carol\",\"type\":\"invok\",\"f\":\"read\",\"key\":\"x\"} | 5",
            })
    void aMalformedLineIsNamed(String line, int number) throws IOException {
        Ran ran = check(number == 1 ? line : STALE + line, "--model", "all");
        assertEquals(2, ran.exitCode());
        assertEquals("", ran.out());
        assertTrue(ran.err().startsWith(folder.resolve("run.jsonl") + ":" + number + ": "), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
    }

    @Test
    void aProcessWithTwoOpenOperationsIsAnError() throws IOException {
        String line = "{\"time\":9,\"process\":\"carol\",\"type\":\"invoke\",\"f\":\"read\",\"key\":\"x\"}\n";
        Ran ran = check(STALE + line + line, "--model", "all");
        assertEquals(2, ran.exitCode());
        assertTrue(ran.err().contains(":6: process carol invokes a read while its read of line 5 is still open"));
    }

    @Test
    void wrongUsageSaysWhatIsWrong() throws IOException {
        Ran unknown = check(STALE, "--model", "serializable");
        assertEquals(2, unknown.exitCode());
        assertTrue(
                unknown.err().startsWith("there is no model \"serializable\"; there are linearizable, "),
                unknown.err());
        assertEquals(
                new Ran(2, "", "--budget is a time above 0, not 0s\n"),
                check(STALE, "--model", "all", "--budget", "0s"));
        assertEquals(
                new Ran(
                        2,
                        "",
                        folder
                                + ": this is a folder without histories: neither in it nor below it is a history.edn or a history.jsonl; "
                                + "name the histories\n"),
                run("check", folder.toString(), "--model", "pram"));
        assertEquals(
                new Ran(2, "", folder.resolve("no.jsonl") + ": there is no such file\n"),
                run("check", folder.resolve("no.jsonl").toString(), "--model", "all"));
        assertEquals(2, check(STALE).exitCode());
        assertEquals(
                new Ran(2, "", "--budget: a time is a number and a unit, such as 500ms or 3s, not \"60\"\n"),
                check(STALE, "--model", "all", "--budget", "60"));
        Ran initial = check(STALE, "--model", "all", "--initial", "foo");
        assertEquals(2, initial.exitCode());
        assertTrue(initial.err().startsWith("--initial: not JSON: "), initial.err());
    }

    @Test
    void aSimulatedRunIsJudgedAsTheScenarioWas() throws IOException {
        Path scenario = file("stale.conf", """
                protocol = lamport-lww
                replicas = [A, B]
                links    = [{ delay = 1s }]
                steps = [
                  { at = 0s,    via = A, put = { key = x, value = 1 } }
                  { at = 500ms, via = B, get = x }
                ]
                expect { linearizable = false, causal = true }
                """);
        assertEquals(
                0, run("sim", scenario.toString(), "--out", folder.toString()).exitCode());
        String history = folder.resolve("stale")
                .resolve("latest")
                .resolve("history.jsonl")
                .toString();
        assertEquals(1, run("check", history, "--model", "linearizable").exitCode());
        assertEquals(0, run("check", history, "--model", "causal").exitCode());
        Files.writeString(scenario, Files.readString(scenario).replace("linearizable = false", "linearizable = true"));
        assertEquals(1, run("sim", scenario.toString()).exitCode());
    }
}
