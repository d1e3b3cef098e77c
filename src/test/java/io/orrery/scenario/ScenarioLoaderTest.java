package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.config.ConfigProblem;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import java.time.Duration;
import java.util.List;
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
        assertEquals("at C", get.client());
        assertEquals(Optional.of(List.of(Value.NULL)), get.expectation().values());
        Fault.Partition partition =
                (Fault.Partition) ((Step.Inject) scenario.steps().get(2)).fault();
        assertEquals(2, partition.groups().size());
        assertEquals(Optional.of(false), scenario.expected().converged());
        assertEquals(List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C")), scenario.replicas());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        steps = [{ vai = A, get = x }]                                | some.conf:3: there is no key "vai" here; did you mean "via"?
        steps = [{ via = D, get = x }]                                | some.conf:3: there is no replica D; did you mean A?
        steps = [{ via = A, get = x, expect = 1, outcome = refused }] | some.conf:3: a read that is refused has no value that could be expected
        steps = [{ via = A, delete = x, expect = 1 }]                 | some.conf:3: only a get can expect a value; what a put or delete does is its outcome
        steps = [{ crash = B, within = 1s }]                          | some.conf:3: within belongs to put, get and delete, not to crash
        steps = [{ via = A }]                                         | some.conf:3: a step does one thing: put, get, delete, link, partition, isolate, heal, crash, wipe, restart, fail-disk, pause, resume
        steps = [{ via = A, get = x, expect = 7 }]                    | some.conf:3: nobody ever puts 7 into x; a read of it can see: null
        steps = [{ via = A, get = x, crash = A }]                     | some.conf:3: a step does one thing, not get and crash
        steps = [{ at = -1s, crash = A }]                             | some.conf:3: a time here is 0 or more, not -1s
        steps = [{ at = 1 parsec, crash = A }]                        | some.conf:3: there is no unit "parsec" of time in "1 parsec"; there are ns, us, ms, s, m, h
        steps = [{ via = A, get = x, within = 1s, at-least = 2s }]    | some.conf:3: nothing takes at least 2s and is done within 1s
        steps = [{ link = { from = A, to = B } }]                     | some.conf:3: a link needs something to change: delay, loss, duplicate or cut
        steps = [{ link = { from = A, to = A, cut = true } }]         | some.conf:3: a link leads from one replica to another, and A is both
        steps = [{ link = { loss = 1.5 } }]                           | some.conf:3: loss is a chance between 0 and 1, not 1.5
        steps = [{ link = { delay = -3s } }]                          | some.conf:3: a time here is 0 or more, not -3s
        steps = [{ partition = [[A, B], [B, C]] }]                    | some.conf:3: replica B is in more than one group
        steps = [{ heal = some }]                                     | some.conf:3: heal is "all" or a link { from = …, to = … }, not some
        steps = [{ crash = A }], expect { linearisable = true }       | some.conf:3: there is no key "linearisable" here; there are: converged
        anti-entropy = 0s                                             | some.conf:3: anti-entropy is a time above 0, not PT0S
        workload { reads = 0.8, deletes = 0.3 }                       | some.conf:3: reads and deletes of a workload are shares that add up to 1 at the most
        workload { clients = 0 }                                      | some.conf:3: clients is a whole number, from 1 to 10000, not 0
        title = nothing                                               | some.conf:1: a scenario needs steps or a workload; without either nothing happens
        """)
    void aMistakeIsNamedWithFileLineAndWhatWouldBeRight(String text, String message) {
        assertEquals(message, problem(text));
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
                                () -> ScenarioLoader.parse("some.conf", "protocol = lamport-lww\nreplicas = [A, A]\n"))
                        .getMessage());
    }
}
