package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.network.InFlightMessage;
import io.orrery.replica.ReplicaActor;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replicas that take time, clocks that are wrong, and faults that come in the middle of things. */
class PaceTest {
    private static final Simulation SIMULATION = Simulation.start();

    @AfterAll
    static void end() {
        SIMULATION.close();
    }

    private static Run play(String text, WorldObserver observer) {
        Scenario scenario = ScenarioLoader.parse("pace.conf", "invariants = all\n" + text);
        return ScenarioRunner.run(SIMULATION, scenario, 1, observer);
    }

    @Test
    void aSlowReplicaLetsRequestsWait() {
        Run run = play("""
                protocol = lamport-lww
                replicas = [A, B]
                slow { A = 10ms }
                steps = [
                  { at = 1s, client = first, via = A, put = { key = x, value = 1 }, within = 1ms }
                  { at = 1001ms, client = second, via = A, get = x, expect = 1, at-least = 9ms }
                  { at = 1001ms, client = third, via = B, get = x, within = 1ms }
                  { at = 2s, slow { replica = A, by = 0s } }
                  { at = 3s, client = first, via = A, get = x, within = 1ms }
                  { at = 3s, client = second, via = A, get = x, within = 1ms }
                ]
                """, WorldObserver.NONE);
        assertEquals(List.of(), run.unmet());
    }

    /** So much waits for it that its mailbox is full: a replica that takes no time never comes to that. */
    @Test
    void aSlowReplicaRefusesWhatItsMailboxCannotHold() {
        Set<String> refusals = new HashSet<>();
        play("""
                protocol = lamport-lww
                replicas = [A]
                slow { A = 10s }
                workload { clients = 10000, operations = 10002, keys = 1 }
                steps = [
                  { at = 1ms, client = one, via = A, get = x }
                  { at = 1ms, client = two, via = A, get = x }
                  { at = 1ms, client = three, via = A, get = x }
                  { at = 2ms, crash = A }
                ]
                """, new WorldObserver() {
            @Override
            public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
                if (outcome instanceof Outcome.Refused refused) {
                    refusals.add(refused.reason() + ": " + refused.detail());
                }
            }
        });
        assertTrue(refusals.contains("OVERLOADED: the replica has 10000 messages waiting"), refusals::toString);
    }

    private static Map<String, Integer> digestsOf(String timers) {
        return digestsOf(timers, "");
    }

    private static Map<String, Integer> digestsOf(String timers, String faults) {
        Map<String, Integer> digests = new TreeMap<>();
        play("""
                protocol = lamport-lww
                replicas = [A, B]
                anti-entropy = 1s
                %s
                steps = [
                  %s
                  { at = 60s, via = A, get = x }
                ]
                """.formatted(timers, faults), new WorldObserver() {
            @Override
            public void sent(InFlightMessage message) {
                if (message.message().kind().equals("digest")) {
                    digests.merge(message.from().name(), 1, Integer::sum);
                }
            }
        });
        return digests;
    }

    @Test
    void theTimersOfAFastClockRunOutEarlyAndThoseOfASlowMachineLate() {
        Map<String, Integer> right = digestsOf("");
        Map<String, Integer> wrong = digestsOf("timers { clocks { A = 2 } }");
        assertEquals(right.get("B"), wrong.get("B"));
        assertEquals(2.0 * right.get("A"), wrong.get("A"), 1);
        Map<String, Integer> late = digestsOf("timers { late = 1s }");
        assertEquals(right.get("A") / 2.0, late.get("A"), 1);
    }

    @Test
    void aClockThatIsFastForAWhileIsRightAgainAfterwards() {
        Map<String, Integer> right = digestsOf("");
        Map<String, Integer> wrong = digestsOf(
                "", "{ at = 10s, clock { replica = A, rate = 2 } }, { at = 20s, clock { replica = A, rate = 1 } }");
        assertEquals(right.get("B"), wrong.get("B"));
        assertEquals(right.get("A") + 10, wrong.get("A"), 1);
    }

    @Test
    void timersEndEarlierWhenAClockJumpsAheadAndLaterWhenItJumpsBack() {
        Map<String, Integer> right = digestsOf("");
        Map<String, Integer> back = digestsOf("", "{ at = 10500ms, clock { replica = A, back = 20s } }");
        assertEquals(right.get("B"), back.get("B"));
        assertEquals(right.get("A") - 20, back.get("A"));
        // A timer that is past ends once, and those after it are right again.
        Map<String, Integer> ahead = digestsOf("", "{ at = 10500ms, clock { replica = A, ahead = 20s } }");
        assertEquals(right.get("A"), ahead.get("A"), 1);
        assertEquals(
                right.get("A") + 2.4,
                digestsOf(
                                "",
                                Stream.of(1, 2, 3, 4, 5, 6, 7, 8)
                                        .map(it ->
                                                "{ at = " + 1_700 * it + "ms, clock { replica = A, ahead = 300ms } }")
                                        .collect(Collectors.joining(", ")))
                        .get("A"),
                1);
    }

    /** The rest of a time-out is waited for until nothing is left of it, however fast the clock. */
    @Test
    @Timeout(10)
    void aRequestIsGivenUpWhenItsTimeIsUpWhereAClockIsFast() {
        Run run = play("""
                protocol = primary-linearizable
                replicas = [A, B]
                leader = A
                timeout = 1s
                timers { clocks { B = 10 } }
                steps = [
                  { at = 1s, isolate = B }
                  { at = 2s, via = B, put = { key = x, value = 1 }, at-least = 1s, within = 1s }
                  { at = 4s, heal = all }
                ]
                """, WorldObserver.NONE);
        assertEquals(List.of(), run.unmet());
    }

    /** What each peer was sent of a write during which its replica is cut off. */
    @Test
    void aCutMayComeInTheMiddleOfABroadcast() {
        Set<Set<String>> reached = new HashSet<>();
        for (int points = 0; points < 8; points++) {
            Set<String> peers = new HashSet<>();
            Run run = play("""
                    protocol = lamport-lww
                    replicas = [A, B, C]
                    steps = [
                      { at = 1s, isolate = A, mid-step = %d }
                      { at = 1s, via = A, put = { key = x, value = 1 } }
                      { at = 2s, heal = all }
                    ]
                    expect { converged = true }
                    """.formatted(points), new WorldObserver() {
                @Override
                public void sent(InFlightMessage message) {
                    if (message.message().kind().equals("update")) {
                        peers.add(message.to().name());
                    }
                }
            });
            assertEquals(List.of(), run.unmet());
            reached.add(Set.copyOf(peers));
        }
        assertTrue(reached.contains(Set.of()), reached::toString);
        assertTrue(reached.contains(Set.of("B")) || reached.contains(Set.of("C")), reached::toString);
        assertTrue(reached.contains(Set.of("B", "C")), reached::toString);
    }

    /** A request that has come, and a sync that is done, of which the replica never hears. */
    @Test
    void aCrashMayComeBetweenDeliveryAndHandlingAndBetweenASyncAndItsConfirmation() {
        Set<List<String>> stories = new HashSet<>();
        for (int points = 0; points < 8; points++) {
            List<String> story = new ArrayList<>();
            Run run = play("""
                    protocol = lamport-lww
                    replicas = [A, B]
                    timeout = 500ms
                    disk { sync = 2ms }
                    steps = [
                      { at = 1s, via = A, put = { key = x, value = 1 } }
                      { at = %s, crash = A, mid-step = 0 }
                      { at = 3s, restart = A }
                      { at = 4s, client = reader, via = A, get = x }
                    ]
                    expect { converged = true }
                    """.formatted(points % 2 == 0 ? "1s" : "1001ms"), new WorldObserver() {
                @Override
                public void received(NodeId at, ReplicaActor.ClientRequest request) {
                    story.add("received " + request.operation().name());
                }

                @Override
                public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
                    story.add(
                            outcome instanceof Outcome.Done done
                                            && operation.name().equals("read")
                                    ? "saw " + done.value().isPresent()
                                    : outcome.getClass().getSimpleName());
                }
            });
            assertEquals(List.of(), run.unmet());
            stories.add(List.copyOf(story));
        }
        assertTrue(stories.contains(List.of("Unknown", "received read", "saw false")), stories::toString);
        assertTrue(
                stories.contains(List.of("received write", "Unknown", "received read", "saw true")), stories::toString);
    }

    @Test
    void aMistakeIsToldAtItsLine() {
        String wrong = """
                protocol = lamport-lww
                replicas = [A]
                slow { B = 1ms }
                timers { clocks { A = 100 } }
                steps = [
                  { at = 1s, via = A, get = x, mid-step = 1 }
                  { at = 1s, slow { replica = A } }
                ]
                """;
        String message = assertThrows(ConfigProblem.class, () -> ScenarioLoader.parse("wrong.conf", wrong))
                .getMessage();
        assertEquals(
                List.of("wrong.conf:3:", "wrong.conf:4:", "wrong.conf:6:", "wrong.conf:7:"),
                message.lines()
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .toList());
    }
}
