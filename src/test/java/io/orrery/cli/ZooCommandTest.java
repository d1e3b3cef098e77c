package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.zoo.Zoo;
import io.orrery.zoo.kit.Exhibit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @Test
    void allAreListedWithWhatTheyViolate() {
        assertEquals(ExitCode.OK, run("zoo"));
        for (Exhibit exhibit : Zoo.exhibits()) {
            assertTrue(
                    out.toString()
                            .lines()
                            .anyMatch(line -> line.startsWith(exhibit.name() + " ")
                                    && line.contains(" " + exhibit.shows() + " ")),
                    exhibit.name());
        }
    }

    @Test
    void whatItWritesShowsTheMistake() throws Exception {
        Path file = folder.resolve("broken.conf");
        assertEquals(ExitCode.OK, run("zoo", "no-tie-break", "--out", file.toString()));
        assertEquals(Zoo.named("no-tie-break").scenario(), Files.readString(file));
        String seed = String.valueOf(Zoo.named("no-tie-break").seed());
        assertTrue(out.toString().contains("./run.sh sim " + file + " --seed " + seed), out.toString());
        assertEquals(ExitCode.NO, run("sim", file.toString(), "--seed", seed));
    }

    /** Tables and errors name the protocol, so that is what people copy. */
    @Test
    void theNameOfTheProtocolIsUnderstoodToo() {
        assertEquals(ExitCode.OK, run("zoo", "zoo-no-tie-break"), err.toString());
        assertTrue(out.toString().startsWith("no-tie-break\n"), out.toString());
    }

    @Test
    void programsGetTheSame() throws Exception {
        assertEquals(ExitCode.OK, run("zoo", "--json"));
        JsonNode all = new ObjectMapper().readTree(out.toString());
        assertEquals(List.of(), JsonShape.problems("zoo.schema.json", all));
        assertEquals(Zoo.exhibits().size(), all.size());
        assertEquals("zoo-no-tie-break", all.get(0).get("protocol").asText());
    }

    /** The seed of the list is the first one under the usual scheduler. */
    @Test
    void schedulersAreComparedByHowOftenAMistakeShows() throws Exception {
        assertEquals(ExitCode.OK, run("zoo", "no-tie-break", "--seeds", "5", "--json"));
        JsonNode row = new ObjectMapper().readTree(out.toString()).get(0);
        assertEquals(Zoo.named("no-tie-break").seed(), row.at("/random/first").asLong());
        assertTrue(
                row.at("/guided/worlds").isInt()
                        && row.at("/pos/worlds").isInt()
                        && row.at("/pct:3/worlds").isInt(),
                row.toString());
        out.getBuffer().setLength(0);
        assertEquals(ExitCode.OK, run("zoo", "no-tie-break", "--seeds", "1"));
        assertTrue(
                out.toString().lines().anyMatch(line -> line.matches("no-tie-break +converged +- .*")), out.toString());
        assertEquals(ExitCode.USAGE, run("zoo", "--seeds", "0"));
    }

    @Test
    void schedulersAreComparedByHowManyWorldsTheyTake() throws Exception {
        assertEquals(ExitCode.OK, run("zoo", "no-tie-break", "--seeds", "5", "--rounds", "1", "--json"));
        JsonNode row = new ObjectMapper().readTree(out.toString()).get(0);
        assertEquals(Zoo.named("no-tie-break").seed(), row.at("/random/0").asLong());
        assertTrue(row.at("/pos/0").isNull(), row.toString());
        assertEquals(ExitCode.USAGE, run("zoo", "--seeds", "5", "--rounds", "0"));
        assertEquals(ExitCode.USAGE, run("zoo", "--rounds", "2"));
    }

    @Test
    void anUnknownNameAndAFileForAllAreErrors() {
        assertEquals(ExitCode.USAGE, run("zoo", "no-tie"));
        assertTrue(err.toString().contains("no-tie-break"), err.toString());
        assertEquals(ExitCode.USAGE, run("zoo", "--out", "x.conf"));
    }

    @Test
    void noRealReplicaRunsOne() throws Exception {
        Path file = folder.resolve("broken.conf");
        Files.writeString(file, Zoo.named("no-tie-break").scenario());
        assertEquals(ExitCode.USAGE, run("sim", "--cluster", file.toString()));
        assertTrue(err.toString().contains("broken on purpose"), err.toString());
    }
}
