package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.check.Model;
import io.orrery.config.ConfigProblem;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.network.Selector;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioLoaderTest {
    private static final String HEAD = "protocol = lamport-lww\nreplicas = [A, B, C]\n";

    private static Scenario load(String text) {
        return ScenarioLoader.parse("some.conf", HEAD + text);
    }

    private static String problem(String text) {
        return assertThrows(ConfigProblem.class, () -> load(text)).getMessage();
    }

    @Test
    void aFileIsReadWhole() {
        Scenario scenario = load("""
                title = "Some story"
                links = [{ from = A, to = C, delay = 3s }]
                steps = [
                  { at = 1s, via = A, client = alice, put = { key = x, value = { "a": [1, 2.50] } }, within = 2s }
                  { via = C, get = x, expect = null }
                  { at = 2s, partition = [[A], [B, C]] }
                ]
                expect { converged = false }
                """);
        assertEquals("Some story", scenario.title());
        assertEquals("some", scenario.name());
        assertEquals(1, scenario.links().size());
        Step.Ask put = (Step.Ask) scenario.steps().get(0);
        assertEquals("alice", put.client());
        assertEquals(6, put.line());
        assertEquals(Optional.of(Duration.ofSeconds(2)), put.expectation().within());
        Step.Ask get = (Step.Ask) scenario.steps().get(1);
        assertEquals(Duration.ofSeconds(1), get.at(), "together with the step before");
        assertEquals("someone at C", get.client());
        assertEquals(Optional.of(List.of(Value.NULL)), get.expectation().values());
        Fault.Partition partition =
                (Fault.Partition) ((Step.Inject) scenario.steps().get(2)).fault();
        assertEquals(2, partition.groups().size());
        assertEquals(Map.of(Model.CONVERGED, false), scenario.expected().verdicts());
        assertEquals(List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C")), scenario.replicas());
    }

    @Test
    void aLinkMaySlowSomeMessagesAlone() {
        Scenario scenario = load("""
                links = [{ from = A, to = C, key = y, kind = update, delay = 5s }]
                steps = [{ link = { key = y, loss = 0.5 } }]
                """);
        assertEquals(
                new Selector(Optional.of(Key.of("y")), Optional.of("update")),
                scenario.links().get(0).messages());
        Fault fault = ((Step.Inject) scenario.steps().get(0)).fault();
        assertEquals("link * -> * (key y): loss 0.5", fault.toString());
    }

    @Test
    void aSyncNamesItsOriginAndItsClock() {
        Scenario scenario = load("""
                protocol = vector-causal
                steps = [
                  { via = C, sync = { key = x, value = B, from = B, clock { A = 1, B = 1 } }, status = buffered }
                  { via = C, get = x, expect = B, version = 2 }
                ]
                """);
        Step.Ask sync = (Step.Ask) scenario.steps().get(0);
        assertEquals(
                new Operation.HandMadeWrite(
                        Key.of("x"), Value.of("B"), NodeId.of("B"), Map.of(NodeId.of("A"), 1L, NodeId.of("B"), 1L)),
                sync.operation());
        assertEquals(Optional.of(Outcome.Status.BUFFERED), sync.expectation().status());
        assertEquals(
                Optional.of(2L),
                ((Step.Ask) scenario.steps().get(1)).expectation().version());
    }

    @Test
    void whatIsNotMetIsSaidInWords() {
        Scenario scenario = load("""
                steps = [
                  { via = A, put = { key = x, value = 1 }, status = buffered, version = 7 }
                  { via = A, sync = { key = x, value = 1, from = A, version = 9 }, status = applied }
                ]
                """);
        try (Simulation simulation = Simulation.start()) {
            Run run = ScenarioRunner.run(simulation, scenario, 1, WorldObserver.NONE);
            assertEquals(
                    List.of(
                            "expected the status buffered, and it was applied; expected version 7, saw 1@A",
                            "expected the status applied, and it was refused (a write made by hand comes from"
                                    + " another replica, which is B or C, not from A)"),
                    run.unmet().stream().map(check -> check.problem()).toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        steps = [{ vai = A, get = x }]                                | some.conf:3: there is no key "vai" here; did you mean "via"?
        steps = [{ via = D, get = x }]                                | some.conf:3: there is no replica D; did you mean A?
        steps = [{ via = A, get = x, expect = 1, outcome = refused }] | some.conf:3: a read that is refused has no value to expect
        steps = [{ via = A, delete = x, expect = 1 }]                 | some.conf:3: only a get can expect a value; what a put or delete does is its outcome
        steps = [{ crash = B, within = 1s }]                          | some.conf:3: within belongs to put, get, delete, sync and cas, not to crash
        steps = [{ via = A }]                                         | some.conf:3: a step does one thing: put, get, delete, sync, cas, link, partition, isolate, reset, heal, crash, wipe, restart, restore, twin, fail-disk, damage-disk, slow-disk, repair-disk, cut-power, slow, clock, pause, resume
        steps = [{ via = A, get = x, expect = 7 }]                    | some.conf:3: nobody ever puts 7 into x; a read of it can see: null
        steps = [{ via = A, get = x, crash = A }]                     | some.conf:3: a step does one thing, not get and crash
        steps = [{ at = -1s, crash = A }]                             | some.conf:3: a time here is 0 or more, not -1s
        steps = [{ at = 1 parsec, crash = A }]                        | some.conf:3: there is no unit "parsec" of time in "1 parsec"; there are ns, us, ms, s, m, h
        steps = [{ via = A, get = x, within = 1s, at-least = 2s }]    | some.conf:3: nothing takes at least 2s and is done within 1s
        steps = [{ link = { from = A, to = B } }]                     | some.conf:3: a link needs something to change: delay, loss, loss-run, duplicate or cut
        steps = [{ link = { from = A, to = A, cut = true } }]         | some.conf:3: a link leads from one replica to another, and A is both
        steps = [{ link = { kind = updat, cut = true } }]             | some.conf:3: no message of lamport-lww is of the kind "updat"; there are: update, digest, hello, answer, fetch, delta, farewell
        steps = [{ link = { key = "", cut = true } }]                 | some.conf:3: a key may not be empty
        steps = [{ link = { key = y } }]                              | some.conf:3: a link needs something to change: delay, loss, loss-run, duplicate or cut
        steps = [{ via = A, get = x, status = applied }]              | some.conf:3: a get has no status that could differ: it reads what has been applied
        steps = [{ via = A, delete = x, status = done }]              | some.conf:3: a status is applied, buffered, accepted, repeated, not done
        steps = [{ via = A, delete = x, version = 0 }]                | some.conf:3: version is a whole number, 1 or more, not 0
        steps = [{ via = A, delete = x, version = 1, outcome = unknown }] | some.conf:3: an operation that is unknown has no version to expect
        steps = [{ via = A, sync = { key = x, value = 1, from = D, version = 1 } }] | some.conf:3: there is no replica D; did you mean A?
        protocol = vector-causal, steps = [{ via = A, sync = { key = x, value = 1, from = B, clock { D = 1 } } }] | some.conf:3: there is no key "D" here; did you mean "A"?
        protocol = vector-causal, steps = [{ via = A, sync = { key = x, value = 1, from = B, clock { B = -1 } } }] | some.conf:3: B is a whole number, 0 or more, not -1
        protocol = vector-causal, steps = [{ via = A, sync = { key = x, value = 1, from = B, version = 1 } }] | some.conf:3: a sync of vector-causal has a clock, from which its version follows
        protocol = cops, steps = [{ via = A, sync = { key = x, value = 1, from = B } }] | some.conf:3: cops takes no writes made by hand; there are some in lamport-lww, vector-causal, leader-quorum
        steps = [{ via = A, sync = { key = x, value = 1, from = B } }] | some.conf:3: "version" is missing: the Lamport time of the write
        steps = [{ via = A, sync = { key = x, value = 1, from = B, version = 1, clock { B = 1 } } }] | some.conf:3: a sync of lamport-lww has a version, and no vector clock
        steps = [{ at = 2147483648s, crash = A }]                     | some.conf:3: at is a time of at most 480h, not 2147483648s
        steps = [{ crash = A }], settle = 481h                        | some.conf:3: settle is a time of at most 480h, not 481h
        steps = [{ crash = A }], timeout = 20000d                     | some.conf:3: there is no unit "d" of time in "20000d"; there are ns, us, ms, s, m, h
        steps = [{ via = A, put = { key = x, value = 007 } }]         | some.conf:3: 007 is not a number of JSON, which has no leading zeros and ends with a digit; a text is written in quotes, "007"
        steps = [{ via = A, put = { key = x, value = [{ a = 00 }] } }] | some.conf:3: 00 is not a number of JSON, which has no leading zeros and ends with a digit; a text is written in quotes, "00"
        steps = [{ via = A, get = x, expect = 1. }]                   | some.conf:3: 1. is not a number of JSON, which has no leading zeros and ends with a digit; a text is written in quotes, "1."
        steps = [{ via = A, sync = { key = x, from = B, version = 1 } }] | some.conf:3: "value" is missing
        steps = [{ link = { loss = 1.5 } }]                           | some.conf:3: loss is a chance between 0 and 1, not 1.5
        steps = [{ link = { delay = -3s } }]                          | some.conf:3: a time here is 0 or more, not -3s
        steps = [{ partition = [[A, B], [B, C]] }]                    | some.conf:3: replica B is in more than one group
        steps = [{ heal = some }]                                     | some.conf:3: heal is "all" or a link { from = …, to = … }, not some
        steps = [{ crash = A }], expect { linearisable = true }       | some.conf:3: there is no key "linearisable" here; did you mean "linearizable"?
        steps = [{ crash = A }], expect { causal = yes, causal-ccv = no } | some.conf:3: causal and causal-ccv are the same model: one of them is enough
        steps = [{ crash = A }], expect { linearizable = maybe }      | some.conf:3: linearizable is on or off, not "maybe"
        anti-entropy = 0s, steps = [{ crash = A }]                    | some.conf:3: anti-entropy is a time above 0, not PT0S
        workload { reads = 0.8, deletes = 0.3 }                       | some.conf:3: reads, deletes and cas of a workload are shares that add up to 1 at the most
        workload { moves = 2 }                                        | some.conf:3: moves of a workload is a chance between 0 and 1, not 2.0
        workload { keys = 1 }, steps = [{ via = A, client = client7, get = x }] | some.conf:3: client7 is the name of a client of the workload
        workload { clients = 0 }                                      | some.conf:3: clients is a whole number, from 1 to 10000, not 0
        steps = [{ fail-disk = { replica = A, what = synk } }]        | some.conf:3: what is sync, sync-kept, replay, read, wipe, full, not synk
        steps = [{ fail-disk = { replica = A, what = read } }]        | some.conf:3: replicas read no value from disk, as they keep all in memory; disk { values-over = 0 } stores them on disk
        steps = [{ damage-disk = { replica = A, what = rust } }]      | some.conf:3: what is flipped-bit, torn-write, misdirected-write, not rust
        steps = [{ damage-disk = A }]                                 | some.conf:3: damage-disk is written in braces, { … }; this is the string A
        steps = [{ slow-disk = { replica = D, by = 1s } }]            | some.conf:3: there is no replica D; did you mean A?
        steps = [{ slow-disk = { replica = A } }]                     | some.conf:3: "by" is missing
        steps = [{ clock = { replica = A } }]                         | some.conf:3: a clock has a new rate, or jumps ahead or back: rate = 2, ahead = 5s or back = 5s, one of them
        steps = [{ clock = { replica = A, rate = 2, back = 1s } }]    | some.conf:3: a clock has a new rate, or jumps ahead or back: rate = 2, ahead = 5s or back = 5s, one of them
        steps = [{ clock = { replica = A, rate = 20 } }]              | some.conf:3: a clock runs at 0.1 to 10.0 times the right speed, not at 20.0
        steps = [{ clock = { replica = A, ahead = 0s } }]             | some.conf:3: a clock that jumps by no time does not jump
        steps = [{ clock = { replica = A, back = 500h } }]            | some.conf:3: back is a time of at most 480h, not 500h
        steps = [{ clock = { replica = D, ahead = 1s } }]             | some.conf:3: there is no replica D; did you mean A?
        disk { sync-policy = sometimes }, steps = [{ crash = A }]     | some.conf:3: sync-policy is always, never, not sometimes
        disk { kept-in-crash = 2 }, steps = [{ crash = A }]           | some.conf:3: kept-in-crash is a chance between 0 and 1, not 2.0
        disk { retry = 0s }, steps = [{ crash = A }]                  | some.conf:3: retry is a time above 0
        disk { values-over = -1 }, steps = [{ crash = A }]            | some.conf:3: values-over is a whole number, 0 or more, not -1
        disk { replai = 1s }, steps = [{ crash = A }]                 | some.conf:3: there is no key "replai" here; did you mean "replay"?
        title = nothing                                               | some.conf:1: a scenario needs steps or a workload; without either nothing happens
        """)
    void aMistakeIsNamedWithFileLineAndWhatWouldBeRight(String text, String message) {
        assertEquals(message, problem(text));
    }

    @Test
    void allMistakesAreSaidAtOnceInTheOrderOfTheirLines() {
        assertEquals("""
                some.conf:3: there is no key "titel" here; did you mean "title"?
                some.conf:4: there is no unit "parsecs" of time in "3 parsecs"; there are ns, us, ms, s, m, h
                some.conf:5: there is no replica D; did you mean A?
                some.conf:7: a time here is 0 or more, not -1s
                some.conf:7: there is no replica E; did you mean A?
                some.conf:8: there is no key "gett" here; did you mean "get"?
                some.conf:9: 007 is not a number of JSON, which has no leading zeros and ends with a digit; a text is written in quotes, "007"
                some.conf:11: linearizable is on or off, not "maybe"\
                """, problem("""
                titel = "some"
                settle = 3 parsecs
                links = [{ from = D, to = A, delay = 1s }, { from = A, to = B, cut = true }]
                steps = [
                  { at = -1s, via = E, get = x, expect = 1 }
                  { at = 1s, via = A, gett = x }
                  { via = A, put { key = x, value = 007 } }
                ]
                expect { linearizable = maybe }
                """));
    }

    @Test
    void aProtocolThatThereIsNotDoesNotHideTheOtherMistakes() {
        String message = assertThrows(
                        ConfigProblem.class,
                        () -> ScenarioLoader.parse(
                                "some.conf",
                                "protocol = paxos\nreplicas = [A, B]\nsteps = [{ link { kind = any, cut = true } }\n"
                                        + "{ via = C, get = x }]"))
                .getMessage();
        List<String> lines = message.lines().toList();
        assertEquals(2, lines.size(), message);
        assertEquals("some.conf:4: there is no replica C; did you mean A?", lines.get(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        { restart = A }                             | some.conf:4: warning: replica A has not stopped, so it is crashed first; was crash meant?
        { at = 2s, restart = A }, { at = 1s, crash = A } |
        { pause = A }, { restart = A }              |
        { fail-disk = A }, { restart = A }          |
        { cut-power = A }, { restart = A }          |
        { slow-disk = { replica = A, by = 1s } }, { restart = A } | some.conf:4: warning: replica A has not stopped, so it is crashed first; was crash meant?
        { crash = A }, { restart = A }, { restart = A } | some.conf:4: warning: replica A has not stopped, so it is crashed first; was crash meant?
        { resume = A }                              | some.conf:4: warning: replica A is not paused, so nothing happens
        { pause = A }, { resume = A }               |
        { partition = [[A], [B]] }                  | some.conf:4: warning: C is in no group, and so cut off from all
        { partition = [[A]] }                       | some.conf:4: warning: B, C are in no group, and so each is cut off from all
        { partition = [[A], [B, C]] }               |
        { at = 2s, via = A, client = al, get = x }, { at = 1s, via = A, client = al, get = x } | some.conf:4: warning: this is at 1s, before what al does further up at 2s, so it happens first
        { at = 2s, via = A, client = al, get = x }, { at = 1s, via = A, client = bo, get = x } |
        """)
    void whatIsProbablyNotMeantIsWarnedOfAtItsLineAndGoesOn(String steps, String warning) {
        List<String> warnings = new ArrayList<>();
        Scenario scenario = ScenarioLoader.parse("some.conf", HEAD + "steps = [\n" + steps + "]", warnings::add);
        assertEquals(warning == null ? List.of() : List.of(warning), warnings);
        assertEquals(steps.split("}, ").length, scenario.steps().size());
    }

    @Test
    void anUnknownProtocolIsAnErrorThatListsTheKnownOnes() {
        String message = assertThrows(
                        ConfigProblem.class,
                        () -> ScenarioLoader.parse("some.conf", "protocol = paxos\nreplicas = [A]\n"))
                .getMessage();
        assertEquals("some.conf:1: there is no protocol \"paxos\"; there are: ", message.substring(0, 54));
    }

    @Test
    void aReplicaNamedTwiceIsAnError() {
        assertEquals(
                "some.conf:2: a replica is named twice in [A, A]",
                assertThrows(
                                ConfigProblem.class,
                                () -> ScenarioLoader.parse(
                                        "some.conf",
                                        "protocol = lamport-lww\nreplicas = [A, A]\nsteps = [{ crash = A }]"))
                        .getMessage());
    }
}
