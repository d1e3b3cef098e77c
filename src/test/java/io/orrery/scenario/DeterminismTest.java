package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.orrery.protocol.Protocols;
import io.orrery.report.TraceText;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.testkit.protocol.GeneratedScenarios;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class DeterminismTest {
    private static final int WORLDS = 100;

    /** In a process of its own: prints the hash of each world's trace. */
    public static void main(String[] arguments) {
        hashes(IntStream.range(0, WORLDS).boxed().toList()).forEach(System.out::println);
    }

    /** The hash of each world's trace, in the order of their numbers; played in the order given. */
    private static List<String> hashes(List<Integer> order) {
        String[] hashes = new String[WORLDS];
        try (Simulation simulation = Simulation.start()) {
            for (int number : order) {
                hashes[number] = hash(simulation, number, number);
            }
        }
        return List.of(hashes);
    }

    private static String hash(Simulation simulation, int number, long seed) {
        // Each protocol in its turn.
        Scenario scenario = GeneratedScenarios.of(
                Protocols.all().get(number % Protocols.all().size()), number);
        Trace trace = new Trace();
        ScenarioRunner.run(simulation, scenario, seed, trace);
        return TraceText.hash(trace.events());
    }

    /** Played once for all tests of this class, in two orders beside each other. */
    private static final class Here {
        private static final List<List<String>> HASHES = forwardsAndBackwards();
    }

    private static List<List<String>> forwardsAndBackwards() {
        List<Integer> forwards = IntStream.range(0, WORLDS).boxed().toList();
        List<Integer> backwards = new ArrayList<>(forwards);
        Collections.reverse(backwards);
        CompletableFuture<List<String>> beside = CompletableFuture.supplyAsync(() -> hashes(backwards));
        return List.of(hashes(forwards), beside.join());
    }

    @Test
    void theSameSeedGivesTheSameTraceAgainInAnotherOrderAndBesideOtherSimulations() {
        List<String> forwards = Here.HASHES.get(0);
        assertEquals(forwards, Here.HASHES.get(1));
        assertEquals(WORLDS, forwards.stream().distinct().count(), "all worlds are different");
    }

    @Test
    void theSameSeedGivesTheSameTraceInAnotherProcess() throws Exception {
        assertSameInAnotherProcess(Path.of(System.getProperty("java.home")));
    }

    @Test
    void theSameSeedGivesTheSameTraceOnJava25() throws Exception {
        Optional<Path> java25 = otherJava("25");
        Assumptions.assumeTrue(java25.isPresent(), "no Java 25 beside this Java: not compared with it");
        assertSameInAnotherProcess(java25.get());
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        try (Simulation simulation = Simulation.start()) {
            assertNotEquals(hash(simulation, 1, 1), hash(simulation, 1, 2));
        }
    }

    private static void assertSameInAnotherProcess(Path javaHome) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        javaHome.resolve("bin").resolve("java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeterminismTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            // While it plays them, so does this one, if no other test has.
            List<String> here = Here.HASHES.get(0);
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(here, printed.lines().toList());
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Another Java that is installed beside the one that runs this. */
    private static Optional<Path> otherJava(String version) throws IOException {
        Path installed = Path.of(System.getProperty("java.home")).toRealPath().getParent();
        try (Stream<Path> homes = Files.list(installed)) {
            return homes.filter(home -> isVersion(home, version)).findFirst();
        }
    }

    private static boolean isVersion(Path home, String version) {
        try {
            return Files.isExecutable(home.resolve("bin").resolve("java"))
                    && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + version);
        } catch (IOException e) {
            return false;
        }
    }
}
