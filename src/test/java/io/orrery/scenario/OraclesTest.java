package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.model.NodeId;
import io.orrery.model.Outcome;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.dissemination.MeddledWrites;
import io.orrery.protocol.singleleader.MeddledLevels;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.oracle.Oracles;
import io.orrery.testkit.protocol.GeneratedScenarios;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs that no client need notice, planted into protocols: each is caught by the oracle that is there for it, and by no other. */
class OraclesTest {
    /** So many worlds are played at least, so that another oracle could catch the bug as well. */
    private static final int WORLDS = 12;

    private static final int MANY_WORLDS = 300;

    /** Some never converge, which is waited for. What the oracles judge at the end they give its own time. */
    private static final Duration SETTLE = Duration.ofSeconds(15);

    private static ProtocolType lamport() {
        return Protocols.named("lamport-lww");
    }

    /** Entries of a kind are not kept. */
    private static ProtocolType notPersisted(String protocol, String kind) {
        return Meddled.type(
                Protocols.named(protocol),
                kind + " not persisted",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    protected void persist(JournalEntry entry) {
                        if (!entry.getClass().getSimpleName().equals(kind)) {
                            super.persist(entry);
                        }
                    }
                });
    }

    /** What a replica hears of the starts of others it keeps in memory alone. */
    private static ProtocolType fenceNotPersisted() {
        return Meddled.type(
                lamport(), "a fence not persisted", (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    protected void persist(JournalEntry entry) {
                        String slot = entry.slot().toString();
                        if (!slot.startsWith("start of ") || slot.equals("start of " + settings.self())) {
                            super.persist(entry);
                        }
                    }
                });
    }

    /** Each acknowledgement counts for two followers. */
    private static ProtocolType followerCountedTwice() {
        return Meddled.type(
                Protocols.named("leader-quorum"),
                "a follower counted twice",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    public void message(NodeId from, Message message) {
                        super.message(from, message);
                        if (message.kind().equals("ack")) {
                            settings.peers().stream()
                                    .filter(peer -> !peer.equals(from))
                                    .findFirst()
                                    .ifPresent(other -> super.message(other, message));
                        }
                    }
                });
    }

    private static ProtocolType answeredTwice() {
        return Meddled.type(
                lamport(), "answered twice", (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    protected void reply(Request request, Outcome outcome) {
                        super.reply(request, outcome);
                        super.reply(request, outcome);
                    }
                });
    }

    /** The clock is told modulo a small number. */
    private static ProtocolType clockThatTurnsOver() {
        return Meddled.type(
                lamport(),
                "a clock that turns over",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    public ReplicaStatus status() {
                        ReplicaStatus told = super.status();
                        return new ReplicaStatus(
                                String.valueOf(told.lamport().orElse(0) % 8),
                                told.known(),
                                told.keys(),
                                told.tombstones(),
                                told.held(),
                                told.lag(),
                                told.memory());
                    }
                });
    }

    private static ProtocolType bufferWithoutLimit() {
        return Meddled.type(
                Protocols.named("vector-causal"),
                "a buffer without limit",
                (type, settings, effects) -> new Meddled(
                        type,
                        new ReplicaSettings(
                                settings.self(),
                                settings.replicas(),
                                settings.options(),
                                new ReplicaSettings.Tuning(
                                        settings.tuning().antiEntropy(),
                                        settings.tuning().patience(),
                                        settings.tuning().batch(),
                                        100_000)),
                        effects) {});
    }

    /** A replica that comes back leaves all requests without an answer. */
    private static ProtocolType silentAfterRestart() {
        return Meddled.type(
                lamport(), "silent after a restart", (type, settings, effects) -> new Meddled(type, settings, effects) {
                    private boolean isSilent;

                    @Override
                    public void recover(JournalEntry entry) {
                        isSilent = true;
                        super.recover(entry);
                    }

                    @Override
                    public void request(Request request) {
                        if (!isSilent) {
                            super.request(request);
                        }
                    }
                });
    }

    static Stream<Arguments> mutants() {
        return Stream.of(
                Arguments.of(followerCountedTwice(), Set.of("acknowledged-is-on-disk")),
                Arguments.of(notPersisted("primary-eventual", "Handed"), Set.of("acknowledged-is-on-disk")),
                Arguments.of(
                        MeddledLevels.SMALL_QUORUM,
                        Set.of("acknowledged-is-on-disk", "a-quorum-is-what-its-option-says")),
                Arguments.of(MeddledWrites.withoutAWriteOfACatchUp(lamport()), Set.of("acknowledged-stays")),
                Arguments.of(MeddledLevels.ANSWER_WITHOUT_ORDER, Set.of("accepted-arrives")),
                Arguments.of(MeddledWrites.withValuesAltered(lamport()), Set.of("one-dot-one-write")),
                Arguments.of(clockThatTurnsOver(), Set.of("clocks-go-forward")),
                Arguments.of(notPersisted("lamport-lww", "AppliedProgress"), Set.of("memory-is-journal")),
                Arguments.of(MeddledLevels.HASTY_LEADER, Set.of("lost-memory-is-made-good")),
                Arguments.of(answeredTwice(), Set.of("answered-once")),
                Arguments.of(bufferWithoutLimit(), Set.of("within-limits")),
                Arguments.of(silentAfterRestart(), Set.of("answers-after-repair", "prompt-when-calm")),
                Arguments.of(MeddledLevels.ANSWERS_UNSEEN, Set.of("nothing-is-stuck")),
                Arguments.of(MeddledLevels.NO_ACKNOWLEDGEMENTS, Set.of("prompt-when-calm")),
                Arguments.of(MeddledLevels.COUNTED_TWICE, Set.of("a-follower-counts-once", "acknowledged-is-on-disk")),
                Arguments.of(fenceNotPersisted(), Set.of("a-fence-survives")),
                Arguments.of(notPersisted("primary-eventual", "Settled"), Set.of("a-settled-write-stays-settled")));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aBugIsCaughtByTheOracleThatIsThereForIt(ProtocolType broken, Set<String> oracles) {
        Set<String> caught = new TreeSet<>();
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < WORLDS || number < MANY_WORLDS && !caught.containsAll(oracles); number++) {
                Scenario scenario = GeneratedScenarios.of(broken, number).settlingWithin(SETTLE);
                Run run = ScenarioRunner.run(simulation, scenario, number, WorldObserver.NONE);
                run.unmet().stream()
                        .filter(check -> check.model().isEmpty())
                        .forEach(check -> caught.add(check.expected().replace("invariant ", "")));
            }
        }
        assertEquals(new TreeSet<>(oracles), caught, broken.name());
    }

    private static final NamedInvariant FEW =
            new NamedInvariant("few-keys", "A replica has no more than two keys at any time.");

    /** A protocol from outside says its own invariants too. */
    @Test
    void aProtocolSaysItsOwnInvariants() {
        ProtocolType type = Meddled.type(
                        lamport(), "at most two keys", (it, settings, effects) -> new Meddled(it, settings, effects) {
                            @Override
                            public void inspect(Inspection inspection) {
                                super.inspect(inspection);
                                inspection.invariant(FEW, status().keys() <= 2, status().keys() + " keys");
                            }
                        })
                .checked(new SelfChecks(List.of(FEW), settings -> 1));
        assertTrue(Oracles.of(type).contains(FEW));
        Scenario three = ScenarioLoader.parse("three.conf", THREE);
        Scenario asked = three.with(type, three.links(), three.workload(), three.steps())
                .expecting(new Scenario.Expected(Map.of(), Map.of(), List.of("few-keys"), 3));
        try (Simulation simulation = Simulation.start()) {
            Run run = ScenarioRunner.run(simulation, asked, 1, WorldObserver.NONE);
            Run.Check check = run.unmet().get(0);
            assertEquals("invariant few-keys", check.expected());
            assertEquals("broken at 20ms: it does not hold of 3 keys at A. " + FEW.sentence(), check.problem());
            assertTrue(run.isViolated());
        }
    }

    private static final String THREE = """
            protocol = lamport-lww
            replicas = [A, B]
            invariants = all
            steps = [
              { at = 0s, via = A, put = { key = x, value = 1 } }
              { at = 10ms, via = A, put = { key = y, value = 1 } }
              { at = 20ms, via = A, put = { key = z, value = 1 } }
            ]
            """;

    @Test
    void allHoldInAScenarioThatAsksForThem() {
        try (Simulation simulation = Simulation.start()) {
            Run run = ScenarioRunner.run(simulation, ScenarioLoader.parse("three.conf", THREE), 1, WorldObserver.NONE);
            assertTrue(run.holds(), run.unmet()::toString);
            assertEquals("invariants", run.checks().get(0).expected());
            assertEquals(3, run.checks().get(0).line().orElse(0));
            assertEquals(3, run.history().ops().size(), "the clients that judge the end are no part of the run");
        }
    }

    /** The process that observers see may recover before one that started earlier, and catch up before it. */
    @Test
    void aProcessIsNotComparedWithAnEarlierOneThatRecoversLater() {
        String writes = IntStream.range(0, 20)
                .mapToObj(i -> "{ at = %dms, via = A, put = { key = x, value = %d } }\n".formatted(20 * i, i))
                .collect(Collectors.joining());
        Scenario scenario = ScenarioLoader.parse("twins.conf", """
                protocol = primary-causal
                replicas = [A, B, C]
                leader = A
                disk { sync = 0ms..14ms, replay = 1ms..100ms }
                links = [{ delay = 1ms..20ms, loss = 0.4 }]
                anti-entropy = 500ms
                invariants = [clocks-go-forward]
                steps = [
                  { at = 50ms, twin = B }
                  { at = 51ms, twin = B }
                  { at = 52ms, twin = B }
                  %s
                ]
                """.formatted(writes));
        try (Simulation simulation = Simulation.start()) {
            for (int seed = 1; seed <= 20; seed++) {
                Run run = ScenarioRunner.run(simulation, scenario, seed, WorldObserver.NONE);
                assertTrue(run.holds(), run.unmet()::toString);
            }
        }
    }

    @Test
    void someMayBeNamed() {
        Scenario scenario =
                ScenarioLoader.parse("three.conf", THREE.replace("= all", "= [answered-once, a-fence-survives]"));
        assertEquals(
                List.of("answered-once", "a-fence-survives"),
                scenario.expected().invariants());
    }

    @Test
    void aMisspeltOneIsAnErrorAtItsLineWithWhatThereIs() {
        for (String wrong : List.of("[answered-onse]", "every", "[]")) {
            String text = THREE.replace("= all", "= " + wrong);
            ConfigProblem problem =
                    assertThrows(ConfigProblem.class, () -> ScenarioLoader.parse("three.conf", text), wrong);
            assertTrue(problem.getMessage().contains("three.conf:3"), problem.getMessage());
            Oracles.of(lamport())
                    .forEach(there -> assertTrue(problem.getMessage().contains(there.name()), problem.getMessage()));
        }
    }
}
