package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.config.ConfigProblem;
import io.orrery.history.Op;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.testkit.protocol.Contract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients see who write only if a key still has what they have seen. */
class CompareAndSetTest {
    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    static Stream<ProtocolType> comparing() {
        return Protocols.all().stream().filter(ProtocolType::compares);
    }

    static Stream<ProtocolType> others() {
        return Protocols.all().stream().filter(type -> !type.compares());
    }

    private static Run run(String text, long seed) {
        return ScenarioRunner.run(simulation, ScenarioLoader.parse("some.conf", text), seed, WorldObserver.NONE);
    }

    private static String head(ProtocolType type) {
        return "protocol = " + type + "\nreplicas = [A, B, C]\nlinks = [{ delay = 5ms .. 20ms }]\n";
    }

    /** Where only the leader takes writes, all ask it. */
    private static String at(ProtocolType type, String replica) {
        return type.leadership() == ProtocolType.Leadership.QUORUM ? "A" : replica;
    }

    @ParameterizedTest
    @MethodSource("comparing")
    void whoHasSeenAnOlderVersionChangesNothing(ProtocolType type) {
        String b = at(type, "B");
        String c = at(type, "C");
        Run run = run(
                head(type) + "steps = [\n"
                        + "{ at = 2s, via = A, client = alice, put { key = x, value = 1 } }\n"
                        + "{ at = 3s, via = " + b + ", client = bob, cas { key = x, value = 2 }, outcome = mismatch }\n"
                        + "{ at = 4s, via = " + b + ", client = bob, cas { key = x, value = 3 }, outcome = ok }\n"
                        + "{ at = 5s, via = " + c
                        + ", client = alice, cas { key = x, value = 4 }, outcome = mismatch }\n"
                        + "{ at = 6s, via = " + c + ", client = carol, get = x, expect = 3 }\n"
                        + "{ at = 7s, via = " + c + ", client = carol, cas { key = x }, outcome = ok }\n"
                        + "{ at = 8s, via = A, client = alice, cas { key = x, value = 5 }, outcome = mismatch }\n"
                        + "{ at = 9s, via = A, client = alice, cas { key = x, value = 6 }, outcome = ok }\n"
                        + "{ at = 10s, via = A, client = dan, get = x, expect = 6 }\n"
                        + "]",
                1);
        assertEquals(List.of(), run.unmet());
        assertEquals(Verdict.HOLDS, Checker.check(run.history(), Model.LINEARIZABLE, CheckOptions.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("comparing")
    void ofTwoAtOnceOneMatches(ProtocolType type) {
        for (long seed = 1; seed <= 20; seed++) {
            Run run = run(
                    head(type) + "steps = [\n"
                            + "{ at = 2s, via = " + at(type, "B") + ", client = alice, cas { key = x, value = 1 } }\n"
                            + "{ at = 2s, via = " + at(type, "C") + ", client = bob, cas { key = x, value = 2 } }\n"
                            + "{ at = 2s, via = A, client = carol, cas { key = x, value = 3 } }\n"
                            + "{ at = 8s, via = A, client = carol, get = x }\n"
                            + "]",
                    seed);
            List<Op> compared = run.history().ops().stream().filter(Op::isCas).toList();
            assertEquals(3, compared.stream().filter(Op::isOk).count());
            assertEquals(2, compared.stream().filter(Op::isMismatch).count());
        }
    }

    @ParameterizedTest
    @MethodSource("others")
    void aProtocolThatCannotSaysSo(ProtocolType type) {
        for (String cas : List.of(
                "steps = [{ at = 1s, via = A, cas { key = x, value = 1 } }]",
                "workload { operations = 10, cas = 0.5 }")) {
            ConfigProblem problem = assertThrows(ConfigProblem.class, () -> run(head(type) + cas, 1));
            assertTrue(problem.getMessage().contains("there is no compare-and-set with " + type), problem.getMessage());
        }
    }

    @Test
    void aReplicaRefusesWhatItsProtocolDoesNotOffer() {
        String text = head(Protocols.named("raft")) + "steps = [{ at = 2s, via = A, cas { key = x, value = 1 } }]";
        Scenario scenario = ScenarioLoader.parse("some.conf", text);
        Scenario other = scenario.with(
                Protocols.named("vector-causal"), scenario.links(), scenario.workload(), scenario.steps());
        Op refused = ScenarioRunner.run(simulation, other, 1, WorldObserver.NONE)
                .history()
                .ops()
                .get(0);
        assertTrue(refused.isFailed(), refused.words());
        assertTrue(
                refused.completion().error().contains("offered by"),
                refused.completion().error());
    }

    /** A replica takes each compare-and-set for a write. */
    private static ProtocolType blind(ProtocolType type) {
        return Meddled.type(type, "it does not compare", Blind::new);
    }

    private static final class Blind extends Meddled {
        Blind(ProtocolType type, ReplicaSettings settings, Effects effects) {
            super(type, settings, effects);
        }

        private record Uncompared(Request request) implements Request {
            @Override
            public Operation operation() {
                Operation.CompareAndSet cas = (Operation.CompareAndSet) request.operation();
                return new Operation.Write(cas.key(), cas.value().orElseThrow());
            }

            @Override
            public String session() {
                return request.session();
            }

            @Override
            public boolean isOpen() {
                return request.isOpen();
            }
        }

        @Override
        public void request(Request request) {
            super.request(request.operation() instanceof Operation.CompareAndSet ? new Uncompared(request) : request);
        }

        @Override
        protected void reply(Request request, Outcome outcome) {
            super.reply(request instanceof Uncompared other ? other.request() : request, outcome);
        }
    }

    @ParameterizedTest
    @MethodSource("comparing")
    void theContractFindsOneThatDoesNotCompare(ProtocolType type) {
        AssertionError found = assertThrows(AssertionError.class, () -> new Contract(blind(type)).comparesAndSets(20));
        assertTrue(
                found.getMessage().contains("any more, in world")
                        || found.getMessage().contains("replaced twice"),
                found.getMessage());
    }
}
