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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExploreCommandTest {
    private static final Path CHAIN = Path.of("scenarios", "explore", "chain.conf");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path changed(String what, String to) throws IOException {
        return Files.writeString(
                folder.resolve("changed.conf"), Files.readString(CHAIN).replace(what, to));
    }

    @Test
    void whatHoldsInAllExecutionsIsExitCode0() {
        assertEquals(ExitCode.OK, run("explore", "" + CHAIN), err.toString());
        assertTrue(out.toString().startsWith("all 48 executions"), out.toString());
    }

    /** A dependency that is dropped shows in one order of 48. */
    @Test
    void whatOneExecutionViolatesIsExitCode1AndThatExecutionIsTold() throws IOException {
        assertEquals(ExitCode.NO, run("explore", "" + changed("vector-causal", "zoo-dependency-dropped")));
        assertTrue(out.toString().contains("the least that shows causal-ccv, violated"), out.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.contains("7. carol asks C: Read[key=x]")));
    }

    @Test
    void whatAnotherProtocolPromisesIsExpectedUnderIt() {
        assertEquals(ExitCode.NO, run("explore", "" + CHAIN, "--protocol", "zoo-dependency-dropped"));
        assertTrue(out.toString().contains("the least that shows causal-ccv, violated"), out.toString());
    }

    @Test
    void aModelMayBeNamedBeside() {
        assertEquals(ExitCode.OK, run("explore", "" + CHAIN, "--model", "pram"), err.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("pram")), out.toString());
    }

    @Test
    @Timeout(20)
    void noTimeAndExecutionsWithoutAnEndAreErrors() {
        assertEquals(ExitCode.USAGE, run("explore", "" + CHAIN, "--depth", "2147483647"));
        assertEquals(ExitCode.USAGE, run("explore", "" + CHAIN, "--time", "0s"));
        assertEquals(ExitCode.USAGE, run("explore", "" + CHAIN, "--time", "soon"));
        assertTrue(err.toString().contains("--time: a time is a number and a unit"), err.toString());
    }

    @Test
    void jsonIsAsItsSchemaSays() throws IOException {
        assertEquals(ExitCode.NO, run("explore", "" + changed("vector-causal", "zoo-dependency-dropped"), "--json"));
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(List.of(), JsonShape.problems("explore.schema.json", json));
        assertEquals(48, json.get("executions").asInt());
    }

    /** The file plays to what it shows, without a choice of order. */
    @Test
    void withOutWhatIsWrongBecomesAFile() throws IOException {
        Path kept = folder.resolve("kept");
        assertEquals(
                ExitCode.NO, run("explore", "" + CHAIN, "--protocol", "zoo-dependency-dropped", "--out", "" + kept));
        Path file = kept.resolve("chain-causal-ccv.conf");
        assertTrue(Files.readString(file).contains("causal-ccv = false"), out.toString());
        assertTrue(out.toString().contains("kept in " + kept), out.toString());
        assertEquals(ExitCode.OK, run("sim", "" + file), out.toString());
    }

    /** With links: nothing that would not be tried is passed over in silence. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            expect {                 | invariants = [nothing-is-stuck]                    | are about time
            replicas = [A, B, C]     | replicas = [A, B, C]; links = [{ loss = 0.1 }]     | lose or double
            replicas = [A, B, C]     | replicas = [A, B, C]; disk { sync = 1ms }          | each entry is on disk at once
            { at = 10ms              | { at = 9ms, pause = B }; { at = 10ms               | cannot be explored
            """)
    void whatCannotBeExploredIsAnError(String what, String to, String problem) throws IOException {
        String after = what.startsWith("expect") ? to + "\n" + what : to.replace("; ", "\n");
        assertEquals(ExitCode.USAGE, run("explore", "" + changed(what, after)), out.toString());
        assertTrue(err.toString().contains(problem), err.toString());
    }
}
