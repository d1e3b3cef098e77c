package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.model.NodeId;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random faults of disks, several in each world, for each protocol. */
class DiskWorldsTest {
    private static final int WORLDS = 60;
    private static final List<String> REPLICAS = List.of("A", "B", "C");
    private static final CheckOptions OPTIONS = CheckOptions.DEFAULT.withStates(1_000_000);

    /** After these a restarted replica has all that its disk confirmed. */
    private static final List<String> HARMLESS = List.of(
            "fail-disk = %s",
            "fail-disk = { replica = %s, what = sync-kept }",
            "fail-disk = { replica = %s, what = replay }",
            "fail-disk = { replica = %s, what = read }",
            "fail-disk = { replica = %s, what = full }",
            "slow-disk = { replica = %s, by = 40ms }",
            "repair-disk = %s",
            "cut-power = %s",
            "restart = %s",
            "restart = %s");

    /** After these it may have lost some or all of it. */
    private static final List<String> HARMFUL = List.of(
            "damage-disk = { replica = %s, what = flipped-bit }",
            "damage-disk = { replica = %s, what = torn-write }",
            "damage-disk = { replica = %s, what = misdirected-write }",
            "wipe = %s");

    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    /** Counts how disks failed, so that a test sees that they did. */
    private static final class Failures implements WorldObserver {
        private final Map<String, Integer> byMessage = new HashMap<>();

        @Override
        public void diskFailed(NodeId at, Throwable cause) {
            byMessage.merge(cause.getMessage().replaceAll(" of \\S+$", ""), 1, Integer::sum);
        }
    }

    /** At the end each disk works, and who is down because of damage or a failed start starts again. */
    private static Scenario scenario(ProtocolType protocol, int number, String policy, List<String> faults) {
        SeededRandom random = SeededRandom.stream(number, "disk worlds");
        List<String> steps = new ArrayList<>();
        int count = 1 + random.nextInt(10);
        for (int i = 0; i < count; i++) {
            String fault = faults.get(random.nextInt(faults.size()));
            String replica = REPLICAS.get(random.nextInt(REPLICAS.size()));
            steps.add("{ at = " + random.nextInt(300) + "ms, " + fault.formatted(replica) + " }");
        }
        for (String replica : REPLICAS) {
            boolean isDamaged = steps.stream()
                    .anyMatch(step -> step.contains("damage-disk") && step.contains("replica = " + replica));
            steps.add("{ at = 400ms, repair-disk = " + replica + " }");
            steps.add("{ at = 400ms, " + (isDamaged ? "wipe" : "crash") + " = " + replica + " }");
            steps.add("{ at = 400ms, restart = " + replica + " }");
        }
        return ScenarioLoader.parse(
                "disks-" + number + ".conf",
                String.format(
                        Locale.ROOT,
                        """
                protocol = %s
                replicas = [A, B, C]
                invariants = all
                anti-entropy = 500ms
                patience = 20ms
                timeout = 1s
                links = [{ delay = "1ms..5ms" }]
                disk { sync = "%s", sync-policy = %s, kept-in-crash = 0.5, replay = "%s", values-over = %d, retry = 20ms }
                workload { clients = 5, operations = 80, keys = 3, reads = 0.4, think-time = "exponential(5ms)" }
                steps = [
                %s
                ]
                """,
                        protocol,
                        random.nextInt(3) == 0 ? "0s" : "exponential(4ms)",
                        policy,
                        random.nextInt(3) == 0 ? "0s" : "5ms..30ms",
                        random.nextInt(2) * 12,
                        String.join("\n", steps)));
    }

    private static Run run(Scenario scenario, int number, Failures failures) {
        Run run = ScenarioRunner.run(simulation, scenario, number, failures, Set.of(Model.CONVERGED));
        assertEquals(List.of(), run.unmet(), scenario::name);
        if (scenario.protocol().converges()) {
            assertEquals(Verdict.HOLDS, run.verdicts().get(Model.CONVERGED), scenario::name);
        }
        return run;
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whateverADiskDoesThatConfirmsNothingFalselyPromisesHold(ProtocolType protocol) {
        Failures failures = new Failures();
        for (int number = 0; number < WORLDS; number++) {
            Run run = run(scenario(protocol, number, "always", HARMLESS), number, failures);
            for (String promised : protocol.promises().models()) {
                Verdict verdict = Checker.check(run.history(), Model.parse(promised), OPTIONS);
                assertTrue(
                        !(verdict instanceof Verdict.Violated),
                        () -> promised + " in " + run.scenario().name() + ": " + verdict);
            }
        }
        requireFired(
                failures,
                "the simulated disk failed to sync",
                "the simulated disk failed to be read",
                "the simulated disk is full");
        if (keepsValuesApart(protocol)) {
            requireFired(failures, "the simulated disk failed to read the value");
        }
    }

    /** Others keep all values in memory, and never read one. */
    private static boolean keepsValuesApart(ProtocolType protocol) {
        return protocol.vocabulary().entries().stream()
                .anyMatch(type -> type.getSimpleName().equals("WriteWithValueOnDisk"));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void whateverADiskLosesAllConverge(ProtocolType protocol) {
        Failures failures = new Failures();
        List<String> all = Stream.concat(HARMLESS.stream(), HARMFUL.stream()).toList();
        for (int number = 0; number < WORLDS; number++) {
            run(scenario(protocol, number, number % 2 == 0 ? "never" : "always", all), number, failures);
        }
        requireFired(
                failures,
                "the simulated disk is damaged: the checksum of a record is wrong",
                "the simulated disk is damaged: a record is where another belongs");
    }

    private static void requireFired(Failures failures, String... messages) {
        Arrays.stream(messages)
                .forEach(message -> assertTrue(
                        failures.byMessage.containsKey(message), () -> message + " in " + failures.byMessage));
    }
}
