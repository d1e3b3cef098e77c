package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SweepCommandTest {
    private static final String RACE = """
            protocol = lamport-lww
            replicas = [A, B]
            steps = [
              { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
              { at = 5ms, via = B, client = bob, get = x }
            ]
            """;

    @TempDir
    private Path directory;

    private Path race;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    @BeforeEach
    void write() throws IOException {
        race = Files.writeString(directory.resolve("race.conf"), RACE);
    }

    private Ran sweep(String more) {
        return run(Stream.concat(Stream.of("sweep", race.toString()), Stream.of(more.split(" ")))
                .toArray(String[]::new));
    }

    private static JsonNode json(Ran ran) throws IOException {
        return new ObjectMapper().readTree(ran.out());
    }

    @Test
    void theCommandThatIsSaidShowsTheViolationAgain() throws IOException {
        Ran ran = sweep("--seeds 1..50 --model linearizable,causal-ccv --json");
        assertEquals(ExitCode.NO, ran.exitCode(), ran.err());
        JsonNode protocol = json(ran).get("protocols").get(0);
        assertEquals(1, protocol.get("findings").size());
        JsonNode finding = protocol.get("findings").get(0);
        assertEquals("linearizable", finding.get("name").asText());
        String[] words = finding.get("command").asText().split(" ");
        assertEquals("./run.sh", words[0]);
        Ran again = run(Stream.of(words).skip(1).toArray(String[]::new));
        assertEquals(ExitCode.NO, again.exitCode(), again.err());
        assertTrue(again.out().contains("expected linearizable, and it is violated"), again.out());
        assertTrue(sweep("--seeds 1..50 --model linearizable,causal-ccv")
                .out()
                .contains(finding.get("command").asText()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pos", "pct:4", "guided"})
    void whatAnotherSchedulerFindsIsReplayed(String scheduler) throws IOException {
        Ran ran = sweep("--seeds 1..20 --model linearizable --json --scheduler " + scheduler);
        assertEquals(ExitCode.NO, ran.exitCode(), ran.err());
        JsonNode finding = json(ran).get("protocols").get(0).get("findings").get(0);
        String command = finding.get("command").asText();
        assertTrue(command.contains(" --replay 1/") && command.contains("/" + scheduler + "/"), command);
        String[] words = (command + " --json").split(" ");
        Ran again = run(Stream.of(words).skip(1).toArray(String[]::new));
        assertEquals(ExitCode.NO, again.exitCode(), again.err());
        assertTrue(again.out().contains(new ObjectMapper().writeValueAsString(finding.get("sentence"))), again.out());
        Files.writeString(race, RACE + "# A remark.\n");
        Ran other = run(Stream.of(words).skip(1).toArray(String[]::new));
        assertEquals(ExitCode.USAGE, other.exitCode());
        assertTrue(other.err().contains("of another scenario"), other.err());
    }

    @Test
    void jsonIsAsItsSchemaSays() throws IOException {
        Files.writeString(race, RACE + "faults { random = [loss, crashes], span = 0s..20ms }\ninvariants = all\n");
        JsonNode json = json(sweep("--seeds 1..20 --model linearizable --json"));
        assertEquals(List.of(), JsonShape.problems("sweep.schema.json", json));
        assertEquals(2, json.get("protocols").get(0).get("faults").size());
        JsonNode none = json(sweep("--seeds 1 --model causal-ccv --threads 1 --json"));
        assertEquals(List.of(), JsonShape.problems("sweep.schema.json", none));
        ((ObjectNode) none).put("rate", 1).remove("speed");
        ((ObjectNode) none.get("protocols").get(0)).put("worlds", -1);
        assertEquals(
                List.of(
                        " lacks \"speed\"",
                        "/protocols/0/worlds is too low: -1",
                        " has rate, of which the schema says nothing"),
                JsonShape.problems("sweep.schema.json", none));
    }

    @Test
    void figuresAreWrittenAsCsv() throws IOException {
        Path csv = directory.resolve("figures.csv");
        assertEquals(
                ExitCode.OK, sweep("--seeds 3 --model causal-ccv --csv " + csv).exitCode());
        assertEquals(
                "protocol,sort,name,expected,worlds,held,violated,undecided,firstViolated\r\n"
                        + "lamport-lww,model,causal-ccv,holds,3,3,0,0,\r\n",
                Files.readString(csv));
        Ran ran = sweep("--seeds 3 --model causal-ccv --csv " + directory.resolve("no/file.csv"));
        assertEquals(ExitCode.USAGE, ran.exitCode());
        assertTrue(ran.err().startsWith("cannot write "), ran.err());
    }

    @Test
    void coverageIsInTheJsonTheTextAndAPicture() throws IOException {
        Path out = directory.resolve("out");
        Ran ran = sweep("--seeds 1..20 --model causal-ccv --coverage --json --out " + out);
        assertEquals(ExitCode.OK, ran.exitCode(), ran.err());
        assertEquals(List.of(), JsonShape.problems("sweep.schema.json", json(ran)));
        JsonNode coverage = json(ran).at("/protocols/0/coverage");
        assertEquals(20, coverage.get("worlds").asInt());
        assertEquals("client read", coverage.at("/inputs/0/input").asText());
        int calm = coverage.at("/inputs/0/worlds/calm").asInt();
        int behind = coverage.at("/inputs/0/worlds/behind").asInt();
        assertTrue(calm > 0 && behind > 0 && calm + behind == 20, coverage.toString());
        assertTrue(
                Files.readString(out.resolve("coverage-race-lamport-lww.svg")).endsWith("</svg>\n"));
        Ran told = sweep("--seeds 1..20 --model causal-ccv --coverage");
        assertTrue(told.out().contains(coverage.get("sentence").asText()), told.out());
        assertFalse(sweep("--seeds 1..20 --model causal-ccv --json").out().contains("coverage"));
    }

    /** As of the other commands that have --seeds. */
    @Test
    void oneNumberIsHowManySeeds() throws IOException {
        JsonNode json = json(sweep("--seeds 3 --model causal-ccv --json"));
        assertEquals(1, json.get("firstSeed").asInt());
        assertEquals(3, json.get("lastSeed").asInt());
        assertEquals(
                7,
                json(sweep("--seeds 7..7 --model causal-ccv --json"))
                        .get("firstSeed")
                        .asInt());
    }

    /** The longest time that can be written does not wrap around to one that is over. */
    @Test
    void aVeryLongTimeIsNotOver() throws IOException {
        JsonNode json = json(sweep("--seeds 1..3 --time 2562047h --model causal-ccv --json"));
        assertEquals("seeds", json.get("end").asText());
    }

    @Test
    void underAnotherProtocolWhatThatPromisesIsExpected() throws IOException {
        Ran ran = sweep("--seeds 1..20 --protocol primary-linearizable,cops --json");
        assertEquals(ExitCode.OK, ran.exitCode(), ran.err());
        JsonNode protocols = json(ran).get("protocols");
        assertEquals("primary-linearizable", protocols.get(0).get("protocol").asText());
        assertTrue(protocols.get(0).get("rows").toString().contains("linearizable"));
        assertFalse(protocols.get(1).get("rows").toString().contains("linearizable"));
        assertEquals(20, protocols.get(1).get("worlds").asInt());
    }

    @Test
    void theFirstWorldOfEachFindingIsKept() throws IOException {
        Path out = directory.resolve("out");
        Ran ran = sweep("--seeds 1..50 --model linearizable --out " + out);
        assertEquals(ExitCode.NO, ran.exitCode(), ran.err());
        assertTrue(Files.exists(out.resolve("race").resolve("latest").resolve("report.html")), ran.out());
        JsonNode kept = new ObjectMapper()
                .readTree(out.resolve("race")
                        .resolve("latest")
                        .resolve("result.json")
                        .toFile());
        assertTrue(ran.out().contains("--seed " + kept.get("seed").asText() + " "), ran.out());
    }

    @Test
    void whatIsFoundUnderSeveralProtocolsIsKeptApart() throws IOException {
        Path out = directory.resolve("out");
        Ran ran = sweep("--seeds 50 --protocol lamport-lww,cops --model linearizable --json --out " + out);
        assertEquals(ExitCode.NO, ran.exitCode(), ran.err());
        for (JsonNode protocol : json(ran).get("protocols")) {
            JsonNode small = protocol.get("findings").get(0).get("small");
            Path file = Path.of(small.get("command").asText().split(" ")[2]);
            assertEquals(small.get("scenario").asText(), Files.readString(file));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --seeds 9..1 --model pram        | seeds go from a lower to a higher one, such as 1..9, and not 9..1
            --seeds one --model pram         | --seeds is a range, such as 1..10000, or how many from 1 on, such as 500, not one
            --seeds 0 --model pram           | --seeds is 1 or more, not 0
            --seeds 1..5                     | nothing is expected, so a sweep would find nothing
            --model nothing                  | there is no model "nothing"
            --model pram --threads 0         | --threads is 1 or more, not 0
            --model pram --scheduler best    | there is no scheduler "best"; there are random, pos, pct
            --model pram --time 0s           | --time is more than nothing, such as 60s
            --model pram --protocol cops,cops | --protocol names cops twice
            --model pram --protocol cop      | there is no protocol "cop"
            """)
    void badInputIsSaidSo(String arguments, String problem) {
        Ran ran = sweep(arguments);
        assertEquals(ExitCode.USAGE, ran.exitCode(), ran.out());
        assertTrue(ran.err().contains(problem), ran.err());
    }
}
