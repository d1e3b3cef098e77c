package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.Operation;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.testkit.protocol.GeneratedScenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written reads back as the same scenario. */
class ScenarioWriterTest {
    private static final int SEEDS = 60;

    static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("scenarios"))) {
            return all.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    static Stream<ProtocolType> protocols() {
        return Protocols.all().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachFileReadsBackAsTheSameScenario(Path file) {
        assertReadsBack(ScenarioLoader.load(file));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void soDoGeneratedScenariosWithWhatSeedsMakeOfTheirFaults(ProtocolType protocol) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Scenario generated = GeneratedScenarios.of(protocol, seed);
            // They make writes by hand too that no file can ask for.
            if (generated.steps().stream().noneMatch(ScenarioWriterTest::isMadeByHand)) {
                assertReadsBack(generated.withPlannedFaults(seed));
            }
        }
    }

    private static boolean isMadeByHand(Step step) {
        return step instanceof Step.Ask ask && ask.operation() instanceof Operation.HandMadeWrite;
    }

    @Test
    void whateverAFileCanSayIsWritten() {
        assertReadsBack(ScenarioLoader.parse("all.conf", """
                title = "Quotes \\" and \\\\, and a # sign"
                protocol = leader-quorum
                replicas = ["1", node.2, "3.0", include, true, 007]
                leader = node.2
                write-quorum = 2
                links = [{ delay = "normal(20ms, 5ms)" }, { from = "1", kind = ack, delay = 0.5ms..1.5ms, loss = 0.25, loss-run = 3..20 }
                         { to = include, key = "a b.c", duplicate = 1, cut = true }]
                disk { sync = 2ms, sync-policy = never, kept-in-crash = 0.5, replay = 10ms..50ms, values-over = 0, retry = 1s }
                anti-entropy = 1m, staggered = true, patience = 1ns
                slow { node.2 = 5ms }
                slow { "node.2" = 5ms }
                timers { late = 0ms..10ms, clocks { "node.2" = 1.1 } }
                start { over-links = true, absent = [true], incarnation = 7 }
                clients { delay = 1ms..5ms, loss = 0.01, loss-run = 2, duplicate = 0.01, told-of-crashes = true, timeout = 5s, retries = 2, retry-after = "exponential(50ms)" }
                encoding = true, membership = true, timeout = 5s, settle = 1h
                workload { clients = 3, operations = 7, keys = 2, reads = 0.25, deletes = 1.0E-5, moves = 0.5, think-time = "exponential(10ms)", redirects = true, values = 3 }
                steps = [
                  { at = 1.5s, via = "1", client = "a, b", put = { key = "x=1", value = { "a.b" : [1, 2.50, null], "c" : "d" } }, outcome = ok, within = 3s, at-least = 1ms, version = 3, status = applied }
                  { at = 1s, via = "3.0", get = "", expect-one-of = [null, "true", true, lost, "7", 7, {}] }
                  { via = "3.0", client = "someone at 3.0", get = null, expect = null }
                  { link = { delay = 3s } }, { partition = [["1"], [node.2, true]] }, { isolate = "1" }, { reset = true }, { heal = all }
                  { heal = { from = "1", to = true } }, { crash = "1", mid-step = 3 }, { wipe = "1" }, { restart = "1" }, { restore = { replica = "1", to = 500ms } }
                  { twin = "1" }, { fail-disk = "1" }, { fail-disk = { replica = "1", what = sync-kept } }, { fail-disk = { replica = "1", what = read } }
                  { damage-disk = { replica = "1", what = torn-write } }, { slow-disk = { replica = "1", by = 50ms } }, { repair-disk = "1" }, { cut-power = "1" }
                  { slow = { replica = "1", by = 1ms..5ms } }, { pause = "1" }, { resume = "1" }, { at = 1.000000001s, via = "1", delete = "ä\\u0007" }
                ]
                faults { random = [crashes, loss], span = 10ms..5.5s, rates { crashes = 3 } }
                invariants = [answered-once, within-limits]
                expect { linearizable = false, causal = true, converged = true }
                """.replace("slow { node.2 = 5ms }\n", "")
                .replace("get = \"\"", "get = \" \"")
                .replace("get = null", "get = \"null\"")));
    }

    private static void assertReadsBack(Scenario scenario) {
        String text = ScenarioWriter.write(scenario);
        Scenario read = ScenarioLoader.parse(scenario.name() + ".conf", text);
        assertEquals(withoutLines(scenario), withoutLines(read), text);
        assertEquals(text, ScenarioWriter.write(read));
    }

    /** What files can say, apart from lines. */
    private static Scenario withoutLines(Scenario scenario) {
        // Generated scenarios have limits that no file can set.
        Tuning tuning = new Tuning(
                        scenario.tuning().antiEntropy(), scenario.tuning().patience(), 1, 1)
                .withStaggered(scenario.tuning().staggered());
        List<Step> steps =
                scenario.steps().stream().map(ScenarioWriterTest::withoutLine).toList();
        Optional<RandomFaults> random =
                scenario.random().map(it -> new RandomFaults(it.kinds(), it.from(), it.to(), it.rates(), 0));
        Scenario.Expected expected = new Scenario.Expected(
                scenario.expected().verdicts(),
                Collections.emptyMap(),
                scenario.expected().invariants(),
                0);
        return new Scenario(
                scenario.name(),
                "",
                scenario.title(),
                scenario.protocol(),
                scenario.replicas(),
                scenario.options(),
                scenario.links(),
                scenario.disk(),
                tuning,
                scenario.pace(),
                ReplicaLimits.DEFAULT.withTimeout(scenario.timeout()),
                scenario.settle(),
                scenario.workload(),
                steps,
                random,
                expected,
                scenario.conditions());
    }

    private static Step withoutLine(Step step) {
        if (step instanceof Step.Ask ask) {
            return new Step.Ask(ask.at(), 0, ask.client(), ask.via(), ask.operation(), ask.expectation());
        }
        Step.Inject inject = (Step.Inject) step;
        return new Step.Inject(inject.at(), 0, inject.fault(), inject.midStep());
    }
}
