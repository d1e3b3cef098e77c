package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.history.Op;
import io.orrery.model.NodeId;
import io.orrery.network.InFlightMessage;
import io.orrery.protocol.Protocols;
import io.orrery.report.TraceText;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.simulation.TraceEvent;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What can happen live between replicas, at their start, and on the way to their clients, happens in a simulation. */
class ConditionsTest {
    private static final String HEAD = "protocol = lamport-lww\nreplicas = [A, B, C]\n";
    private static final int SEEDS = 200;

    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    private static Run run(String text, long seed, WorldObserver... observers) {
        Scenario scenario = ScenarioLoader.parse("some.conf", text);
        return ScenarioRunner.run(simulation, scenario, seed, WorldObserver.all(observers));
    }

    private static Run run(String text) {
        return run(text, 1);
    }

    private static List<String> trace(String text, long seed) {
        Trace trace = new Trace();
        run(text, seed, trace);
        return TraceText.lines(trace.events()).stream().map(String::strip).toList();
    }

    private static List<String> history(Run run) {
        return run.history().ops().stream().map(Op::words).toList();
    }

    // Clients

    @Test
    void requestsAndAnswersTakeTime() {
        Run run = run(HEAD + """
                clients { delay = 30ms }
                steps = [{ via = A, put = { key = x, value = 1 }, at-least = 60ms, within = 60ms }]
                """);
        assertEquals(List.of(), run.unmet());
    }

    /** The write is done at A, nobody crashes, and its client does not know. */
    @Test
    void anAnswerIsLostAlthoughTheWriteIsDone() {
        String text = HEAD + """
                timeout = 1s
                clients { loss = 0.5 }
                steps = [
                  { at = 0s, client = alice, via = A, put = { key = x, value = 1 } }
                  { at = 5s, client = bob, via = A, get = x }
                ]
                """;
        Set<String> seen = new TreeSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            seen.add(String.join(", ", history(run(text, seed))));
        }
        assertTrue(seen.contains("alice wrote x = 1 (outcome unknown), bob read x = 1 at version 1@A"), seen::toString);
        assertTrue(seen.contains("alice wrote x = 1 (outcome unknown), bob read x = nothing"), seen::toString);
    }

    @Test
    void whatIsLostOnTheWayIsTold() {
        List<String> lines = trace(HEAD + """
                timeout = 1s
                clients { loss = 1 }
                steps = [{ via = A, client = alice, put = { key = x, value = 1 }, outcome = unknown }]
                """, 1);
        assertTrue(
                lines.stream().anyMatch(line -> line.endsWith("lost the request of alice to A: put x = 1")),
                lines::toString);
    }

    /** Who looks whether a world answers after its last fault is beside the replicas: a lost request is no fault of theirs. */
    @Test
    void aLostRequestIsNoReplicaThatDoesNotAnswer() {
        Run run = run(HEAD + """
                timeout = 1s
                clients { loss = 1 }
                steps = [{ via = A, put = { key = x, value = 1 }, outcome = unknown }]
                invariants = all
                """);
        assertEquals(List.of(), run.unmet());
    }

    @Test
    void aDoubledWriteIsAppliedTwiceAndRecordedAsTwoOperations() {
        Run run = run(HEAD + """
                clients { delay = 1ms, duplicate = 1 }
                steps = [
                  { at = 0s, client = alice, via = A, put = { key = x, value = 1 } }
                  { at = 1s, client = alice, via = A, get = x, version = 2 }
                ]
                expect { linearizable = true, converged = true }
                """);
        assertEquals(List.of(), run.unmet());
        assertEquals(
                List.of(
                        "alice wrote x = 1 at version N@A",
                        "alice/2 wrote x = 1 (outcome unknown)",
                        "alice read x = 1 at version N@A"),
                history(run).stream()
                        .map(words -> words.replaceFirst("[12]@A", "N@A"))
                        .toList());
    }

    /** The second copy of alice's write comes after bob's: without an operation of its own it would be no history. */
    @Test
    void whatADoubledWriteOverwritesIsNoAnomaly() {
        String text = HEAD + """
                clients { delay = 1ms..900ms, duplicate = 1 }
                steps = [
                  { at = 0s, client = alice, via = A, put = { key = x, value = 1 } }
                  { at = 0s, client = bob, via = A, put = { key = x, value = 2 } }
                  { at = 500ms, client = carol, via = A, get = x }
                  { at = 1s, client = carol, via = A, get = x }
                  { at = 2s, client = carol, via = A, get = x }
                ]
                expect { linearizable = true }
                """;
        Set<String> last = new TreeSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Run run = run(text, seed);
            assertEquals(List.of(), run.unmet(), "seed " + seed);
            last.add(history(run).get(history(run).size() - 1));
        }
        assertTrue(last.contains("carol read x = 1 at version 4@A"), last::toString);
    }

    @ParameterizedTest
    @CsvSource({"true, 1000000000, replica A has crashed", "false, 11000000000, no answer within 11s"})
    void aClientIsToldOfACrashOrWaits(boolean told, long nanos, String why) {
        Run run = run(HEAD + "clients { told-of-crashes = " + told + " }\n" + """
                steps = [
                  { at = 0s, pause = A }
                  { at = 0s, client = alice, via = A, put = { key = x, value = 1 }, outcome = unknown }
                  { at = 1s, crash = A }
                ]
                """);
        assertEquals(List.of(), run.unmet());
        assertEquals(nanos, run.history().ops().get(0).completion().time());
        assertEquals(why, run.history().ops().get(0).completion().error());
    }

    /** Live both are request-timeout. */
    @Test
    void twoDeadlinesOfOneLengthEndInEitherOrder() {
        Set<String> seen = new TreeSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Run run = run("""
                    protocol = primary-linearizable
                    replicas = [A, B, C]
                    timeout  = 1s
                    clients { timeout = 1s }
                    steps = [
                      { at = 0s, crash = B }
                      { at = 1s, client = alice, via = A, put = { key = x, value = 1 }, outcome = unknown, within = 1s, at-least = 1s }
                    ]
                    """, seed);
            assertEquals(List.of(), run.unmet());
            seen.add(run.history().ops().get(0).completion().error());
        }
        assertEquals(Set.of("no answer within 1s", "not done within 1s"), seen);
    }

    /** Which of the two writes of one value took effect is open, and so both are in the history. */
    @Test
    void aWriteThatIsAskedAgainIsAnOperationOfItsOwn() {
        Run run = run(HEAD + """
                timeout = 1s
                clients { timeout = 1s, told-of-crashes = true, retries = 2, retry-after = 300ms }
                steps = [
                  { at = 0s, pause = A }
                  { at = 0s, client = alice, via = A, put = { key = x, value = 1 }, outcome = ok }
                  { at = 1200ms, resume = A }
                  { at = 2s, client = alice, via = A, get = x, expect = 1, version = 2 }
                ]
                expect { linearizable = true }
                """);
        assertEquals(List.of(), run.unmet());
        assertEquals(
                List.of(
                        "alice wrote x = 1 (outcome unknown)",
                        "alice/2 wrote x = 1 at version 2@A",
                        "alice/2 read x = 1 at version 2@A"),
                history(run));
    }

    @Test
    void aReadThatIsAskedAgainStaysOneAndTakesTheFirstAnswer() {
        Run run = run(HEAD + """
                timeout = 5s
                clients { timeout = 1s, retries = 9, retry-after = 300ms }
                steps = [
                  { at = 0s, pause = A }
                  { at = 0s, client = alice, via = A, get = x, expect = null, at-least = 3s, within = 3s }
                  { at = 3s, resume = A }
                ]
                """);
        assertEquals(List.of(), run.unmet());
        assertEquals(List.of("alice read x = nothing"), history(run));
    }

    @Test
    void aClientAsksAgainWhileItsReplicaIsDown() {
        Run run = run(HEAD + """
                clients { retries = 9, retry-after = 300ms }
                steps = [
                  { at = 0s, crash = A }
                  { at = 0s, client = alice, via = A, put = { key = x, value = 1 }, outcome = ok, at-least = 1200ms, within = 1200ms }
                  { at = 1s, restart = A }
                ]
                """);
        assertEquals(List.of(), run.unmet());
        assertEquals(List.of("alice wrote x = 1 at version 1@A"), history(run), "what was refused had no effect");
    }

    @Test
    void aRefusalDoesNotHideThatTheOutcomeIsUnknown() {
        Run run = run(HEAD + """
                clients { told-of-crashes = true, retries = 1 }
                steps = [
                  { at = 0s, pause = A }
                  { at = 0s, client = alice, via = A, put = { key = x, value = 1 }, outcome = unknown }
                  { at = 1s, crash = A }
                ]
                """);
        assertEquals(List.of(), run.unmet());
        assertEquals(List.of("alice wrote x = 1 (outcome unknown)", "alice/2 wrote x = 1 (failed)"), history(run));
    }

    // The start

    /** Live a new cluster whose third node was never started answered each write with 504. */
    @Test
    void aNewClusterWithAReplicaThatWasNeverStartedTakesWrites() {
        Run run = run("""
                protocol = leader-quorum
                replicas = [A, B, C]
                write-quorum = 1
                start { over-links = true, absent = [C], incarnation = 482 }
                steps = [
                  { at = 1s, via = A, put = { key = x, value = 1 }, outcome = ok, within = 25ms }
                  { at = 2s, via = C, get = x, outcome = refused }
                  { at = 3s, restart = C }
                  { at = 4s, via = C, get = x, expect = 1 }
                ]
                expect { converged = true }
                """);
        assertEquals(List.of(), run.unmet());
    }

    @Test
    void theMemoriesOfAWorldMayNotBeTheFirst() {
        List<String> lines = trace(HEAD + "start { incarnation = 7 }\nsteps = [{ via = A, get = x }]", 1);
        assertEquals(
                3,
                lines.stream()
                        .filter(line -> line.endsWith("started, incarnation 7"))
                        .count());
    }

    @Test
    void theFirstHellosTravelOverTheWorldsOwnLinks() {
        String steps = """
                links = [{ loss = 0.7, delay = 20ms }]
                steps = [{ via = A, put = { key = x, value = 1 } }]
                expect { converged = true }
                """;
        List<String> lines = trace(HEAD + "start { over-links = true }\n" + steps, 1);
        assertTrue(lines.stream().anyMatch(line -> line.contains("lost hello")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.contains("delivered hello")), lines::toString);
        assertTrue(
                trace(HEAD + steps, 1).stream().noneMatch(line -> line.startsWith("0.000") && line.contains("hello")),
                "otherwise they have met before");
    }

    /** A write of B's that alice has seen reaches nobody else, and B is gone: A can say so at once when it is told. */
    @ParameterizedTest
    @CsvSource({"true, refused, 1s", "false, unknown, 20s"})
    void replicasAreToldOfMembersThatGo(boolean membership, String outcome, String within) {
        Run run = run("""
                protocol = cops
                replicas = [A, B, C]
                links = [{ from = B, cut = true }]
                membership = MEMBERSHIP
                steps = [
                  { at = 0s, client = alice, via = B, put = { key = x, value = 1 } }
                  { at = 1s, crash = B }
                  { at = 2s, client = alice, via = A, get = x, outcome = OUTCOME, within = WITHIN }
                ]
                """.replace("MEMBERSHIP", "" + membership)
                .replace("OUTCOME", outcome)
                .replace("WITHIN", within));
        assertEquals(List.of(), run.unmet());
    }

    // The network

    /** When each replica sends its first digest. */
    private static Set<Long> timesOfFirstDigests(boolean staggered, long seed) {
        Set<NodeId> senders = new TreeSet<>();
        Set<Long> times = new TreeSet<>();
        Trace trace = new Trace();
        run(HEAD + "staggered = " + staggered + "\nsteps = [{ at = 11s, via = A, get = x }]", seed, trace);
        trace.events().forEach(event -> {
            if (event instanceof TraceEvent.Sent sent
                    && sent.message().kind().equals("digest")
                    && senders.add(sent.from())) {
                times.add(sent.nanos());
            }
        });
        assertEquals(3, senders.size());
        return times;
    }

    @Test
    void replicasThatStartTogetherNeedNotCompareInStep() {
        assertEquals(Set.of(5_000_000_000L), timesOfFirstDigests(false, 1));
        assertEquals(3, timesOfFirstDigests(true, 1).size());
        assertNotEquals(timesOfFirstDigests(true, 1), timesOfFirstDigests(true, 2));
    }

    private static final class Losses implements WorldObserver {
        private final List<String> lost = new ArrayList<>();

        @Override
        public void lost(InFlightMessage message, Loss why) {
            lost.add(message.from() + " -> " + message.to() + ": " + why);
        }
    }

    @Test
    void aConnectionThatBreaksLosesAllThatWaitsOnIt() {
        Losses losses = new Losses();
        Run run = run(HEAD + """
                links = [{ delay = 1s }]
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 } }
                  { at = 0s, via = A, put = { key = y, value = 2 } }
                  { at = 500ms, reset = B }
                ]
                expect { converged = true }
                """, 1, losses);
        assertEquals(List.of(), run.unmet());
        assertEquals(List.of("A -> B: the connection was reset", "A -> B: the connection was reset"), losses.lost);
    }

    /** As an HTTP thread cuts the links of a replica whose actor is at work. */
    @Test
    void halfABroadcastPassesACut() {
        Set<String> seen = new TreeSet<>();
        for (int points = 0; points < 8; points++) {
            Run run = run(HEAD + """
                    steps = [
                      { at = 1s, isolate = A, mid-step = POINTS }
                      { at = 1s, client = alice, via = A, put = { key = x, value = 1 } }
                      { at = 2s, client = bob, via = B, get = x }
                      { at = 2s, client = bob, via = C, get = x }
                    ]
                    """.replace("POINTS", "" + points));
            seen.add(history(run).stream()
                    .map(words -> words.replaceFirst(" at version.*", ""))
                    .collect(Collectors.joining(", ")));
        }
        assertTrue(seen.contains("alice wrote x = 1, bob read x = 1, bob read x = nothing"), seen::toString);
    }

    static List<String> protocols() {
        return Protocols.all().stream().map(type -> type.name()).toList();
    }

    /** All that a replica hears has been bytes, and nothing else changes by it. */
    @ParameterizedTest
    @MethodSource("protocols")
    void messagesTravelEncoded(String protocol) {
        String text = "protocol = " + protocol + "\nreplicas = [A, B, C]\n" + """
                links = [{ delay = 1ms..20ms, loss = 0.2, duplicate = 0.2 }]
                anti-entropy = 1s
                workload { clients = 4, operations = 60, keys = 3, deletes = 0.2, think-time = 5ms }
                steps = [
                  { at = 20ms, wipe = B }, { at = 30ms, restart = B }
                  { at = 60ms, crash = A }, { at = 90ms, restart = A }
                ]
                """;
        for (long seed = 1; seed <= 5; seed++) {
            assertEquals(trace(text, seed), trace(text + "encoding = true", seed));
        }
    }

    @Test
    void theSameSeedIsTheSameRunUnderAllConditions() {
        String text = HEAD + """
                links = [{ delay = 1ms..20ms, loss = 0.05, loss-run = 2..6 }]
                staggered = true, encoding = true, membership = true
                start { over-links = true, absent = [B], incarnation = 5 }
                clients {
                  delay = 1ms..9ms, loss = 0.1, loss-run = 1..3, duplicate = 0.1, told-of-crashes = true
                  timeout = 1s, retries = 2, retry-after = "exponential(20ms)"
                }
                timeout = 1s
                workload { clients = 4, operations = 100, keys = 3 }
                steps = [
                  { at = 30ms, restart = B }
                  { at = 50ms, crash = A, mid-step = 2 }, { at = 80ms, restart = A }, { reset = C }
                ]
                expect { converged = true, read-your-writes = true }
                """;
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(List.of(), run(text, seed).unmet(), "seed " + seed);
            assertEquals(trace(text, seed), trace(text, seed));
        }
        assertFalse(trace(text, 1).equals(trace(text, 2)));
    }

    // Bad input

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            start { absent = [D] }                           | 3: there is no replica D; did you mean A?
            start { absent = [B, B] }                        | 3: a replica is named twice in [B, B]
            start { incarnation = -1 }                       | 3: incarnation is a whole number, from 0 to 999999, not -1
            start { over-link = true }                       | 3: there is no key "over-link" here; did you mean "over-links"?
            clients { loss = 2 }                             | 3: loss is a chance between 0 and 1, not 2.0
            clients { loss-run = 3 }                         | 3: loss-run needs loss, the chance that a run begins
            clients { loss = 0.1, loss-run = 5..2 }          | 3: a run of losses is from 1 to 100000 messages long, such as 5 or 3..20, not 5..2
            clients { timeout = 0s }                         | 3: a timeout is a time above 0, not PT0S
            clients { retry-after = 1s }                     | 3: retry-after needs retries, the number of times that a client asks again
            clients { retries = 1001 }                       | 3: retries is a whole number, from 0 to 1000, not 1001
            clients { retries = 1, request-ids = on }        | 3: lamport-lww remembers no request ids, so a write that is sent again would be another one; they are remembered by raft
            encoding = wire                                  | 3: encoding is on or off, not "wire"
            links = [{ loss-run = none }]                    | 3: a run of losses is a number of messages, such as 5 or 3..20, not "none"
            steps = [{ reset = D }]                          | 3: there is no replica D; did you mean A?
            """)
    void aMistakeIsSaidAtItsLine(String line, String problem) {
        String text = HEAD + line + (line.startsWith("steps") ? "" : "\nsteps = [{ via = A, get = x }]");
        String message = assertThrows(ConfigProblem.class, () -> ScenarioLoader.parse("some.conf", text))
                .getMessage();
        assertEquals("some.conf:" + problem, message);
    }

    @Test
    void anIdIsOfNoUseWhereEachRequestIsSentOnce() {
        String text =
                HEAD.replace("lamport-lww", "raft") + "clients { request-ids = true }\nsteps = [{ via = A, get = x }]";
        String message = assertThrows(ConfigProblem.class, () -> ScenarioLoader.parse("some.conf", text))
                .getMessage();
        assertEquals(
                "some.conf:3: request-ids needs retries or duplicate: otherwise each request is sent once", message);
    }

    @Test
    void aRestartOfWhoWasAbsentIsNoSurprise() {
        List<String> warnings = new ArrayList<>();
        ScenarioLoader.parse(
                "some.conf",
                HEAD + "start { absent = [C] }\nsteps = [{ at = 1s, restart = C }, { restart = B }]",
                warnings::add);
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains("replica B has not stopped"), warnings::toString);
    }
}
