package org.example.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program, given the jar: its commands, each in a JVM of its own. */
@Timeout(180)
class ChainInOrreryTest {
    @TempDir
    private Path directory;

    private record Ran(int exitCode, String output) {}

    private Ran orrery(String... arguments) throws Exception {
        Path output = directory.resolve("output");
        Process process =
                Program.with(arguments).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(170, TimeUnit.SECONDS), "it does not end");
            return new Ran(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void itIsListedWithWhereItComesFrom() throws Exception {
        Ran ran = orrery("protocols");
        assertEquals(0, ran.exitCode(), ran.output());
        assertTrue(ran.output().contains("chain-static\n"), ran.output());
        assertTrue(ran.output().contains("from: " + System.getProperty("plugin.jar")), ran.output());
    }

    @Test
    void theScenarioHoldsInVirtualTime() throws Exception {
        Ran ran = orrery("sim", "chain.conf");
        assertEquals(0, ran.exitCode(), ran.output());
    }

    @Test
    void theScenarioHoldsInAClusterOfThreeJvms() throws Exception {
        Ran ran = orrery("sim", "--cluster", "chain.conf", "--scale", "2");
        assertEquals(0, ran.exitCode(), ran.output());
    }
}
