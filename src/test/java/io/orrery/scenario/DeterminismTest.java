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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

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

    @Test
    void theSameSeedGivesTheSameTraceAgainInAnotherOrderAndBesideOtherSimulations() throws Exception {
        List<Integer> forwards = IntStream.range(0, WORLDS).boxed().toList();
        List<Integer> backwards = new ArrayList<>(forwards);
        Collections.reverse(backwards);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<List<String>>> both = List.of(() -> hashes(forwards), () -> hashes(backwards));
            List<Future<List<String>>> results = threads.invokeAll(both);
            assertEquals(results.get(0).get(), results.get(1).get());
            assertEquals(WORLDS, results.get(0).get().stream().distinct().count(), "all worlds are different");
        } finally {
            threads.shutdownNow();
        }
    }

    /** Played once, for all tests of this class. */
    private static final class Here {
        private static final List<String> HASHES =
                hashes(IntStream.range(0, WORLDS).boxed().toList());
    }

    @Test
    void theSameSeedGivesTheSameTraceInAnotherProcess() throws Exception {
        assertEquals(Here.HASHES, hashesOfAnotherProcess(Path.of(System.getProperty("java.home"))));
    }

    @Test
    void theSameSeedGivesTheSameTraceOnJava25() throws Exception {
        Optional<Path> java25 = otherJava("25");
        Assumptions.assumeTrue(java25.isPresent(), "no Java 25 beside this Java: not compared with it");
        assertEquals(Here.HASHES, hashesOfAnotherProcess(java25.get()));
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        try (Simulation simulation = Simulation.start()) {
            assertNotEquals(hash(simulation, 1, 1), hash(simulation, 1, 2));
        }
    }

    private static List<String> hashesOfAnotherProcess(Path javaHome) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        javaHome.resolve("bin").resolve("java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeterminismTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Stream<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()) {
            List<String> hashes = lines.toList();
            assertEquals(0, process.waitFor());
            return hashes;
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
