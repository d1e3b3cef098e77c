package io.orrery.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private static final NodeId A = NodeId.of("A");
    private static final Key X = Key.of("x");
    private static final Operation READ = new Operation.Read(X);
    private static final Operation WRITE = new Operation.Write(X, Value.of(1));

    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);

    private static Outcome done(Value value, String version, Outcome.Status status) {
        return new Outcome.Done(
                Optional.ofNullable(value), Optional.ofNullable(version).map(Version::parse), status, "token");
    }

    private static Outcome done(Value value, String version) {
        return done(value, version, Outcome.Status.APPLIED);
    }

    private List<String> words() {
        return History.of(events).ops().stream().map(Op::words).toList();
    }

    @Test
    void whatHappenedIsRecordedWithVersionNodeAndTime() {
        Recorder.Client alice = recorder.client("alice");
        alice.asks(5, A, WRITE).returns(7, done(Value.of(1), "4@A"));
        alice.asks(8, A, READ).returns(9, done(Value.of(1), "4@A"));
        alice.asks(10, A, new Operation.Delete(X)).returns(12, done(null, "5@A"));
        alice.asks(13, A, READ).returns(14, done(null, "5@A"));
        assertEquals(
                List.of(
                        "alice wrote x = 1 at version 4@A",
                        "alice read x = 1 at version 4@A",
                        "alice deleted x at version 5@A",
                        "alice read x = nothing at version 5@A"),
                words());
        assertTrue(events.stream().allMatch(event -> A.equals(event.node())));
        assertEquals(
                List.of(5L, 7L, 8L, 9L, 10L, 12L, 13L, 14L),
                events.stream().map(Event::time).toList());
    }

    @Test
    void whatWasRefusedDidNotHappenAndItsClientGoesOn() {
        Recorder.Client alice = recorder.client("alice");
        alice.asks(1, A, WRITE).returns(2, new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "A is down"));
        alice.asks(3, A, READ).returns(4, done(null, null));
        assertEquals(List.of("alice wrote x = 1 (failed)", "alice read x = nothing"), words());
        assertEquals("A is down", events.get(1).error());
    }

    @Test
    void afterAnOutcomeThatNobodyKnowsTheClientGoesOnUnderAnotherName() {
        Recorder.Client alice = recorder.client("alice");
        alice.asks(1, A, WRITE).returns(2, new Outcome.Unknown("time is up"));
        alice.asks(3, A, WRITE).returns(4, new Outcome.Unknown("time is up"));
        alice.asks(5, A, READ).returns(6, done(null, null));
        alice.asks(7, A, READ).returns(8, done(null, null));
        assertEquals(
                List.of(
                        "alice wrote x = 1 (outcome unknown)",
                        "alice/2 wrote x = 1 (outcome unknown)",
                        "alice/3 read x = nothing",
                        "alice/3 read x = nothing"),
                words());
    }

    @Test
    void whoAsksForTwoThingsAtOnceIsTwoProcesses() {
        Recorder.Client alice = recorder.client("alice");
        Recorder.Asked first = alice.asks(1, A, WRITE);
        Recorder.Asked second = alice.asks(2, A, READ);
        second.returns(3, done(null, null));
        first.returns(4, done(Value.of(1), "1@A"));
        alice.asks(5, A, READ).returns(6, done(Value.of(1), "1@A"));
        assertEquals(
                List.of("alice", "alice/2", "alice"),
                History.of(events).ops().stream().map(Op::process).toList());
    }

    @Test
    void noNameIsTakenForAnotherClientsNextOne() {
        recorder.client("alice").asks(1, A, WRITE).returns(2, new Outcome.Unknown("time is up"));
        recorder.client("alice/2").asks(3, A, READ).returns(4, done(null, null));
        assertEquals(
                List.of("alice", "alice//2"),
                History.of(events).ops().stream().map(Op::process).toList());
    }

    @Test
    void aWriteMadeByHandBelongsToNoClient() {
        Operation sync = new Operation.HandMadeWrite(X, Value.of(1), NodeId.of("B"), Map.of());
        Recorder.Client alice = recorder.client("alice");
        alice.asks(1, A, sync).returns(2, done(Value.of(1), "1@B"));
        alice.asks(3, A, sync).returns(4, done(Value.of(1), "3@B", Outcome.Status.BUFFERED));
        alice.asks(5, A, READ).returns(6, done(Value.of(1), "1@B"));
        assertEquals(
                List.of(
                        "sync/1 wrote x = 1 at version 1@B",
                        "sync/2 wrote x = 1 (outcome unknown)",
                        "alice read x = 1 at version 1@B"),
                words());
    }

    @Test
    void whateverHappensTheHistoryPairsUp() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            events.clear();
            List<Recorder.Client> clients = List.of(recorder.client("a" + seed), recorder.client("b" + seed));
            List<Recorder.Asked> open = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                if (open.isEmpty() || random.nextInt(2) == 0) {
                    open.add(clients.get(random.nextInt(2)).asks(i, A, random.nextBoolean() ? READ : WRITE));
                } else {
                    Outcome outcome = List.of(
                                    done(Value.of(1), "1@A"),
                                    new Outcome.Refused(Outcome.Reason.INVALID, "no"),
                                    new Outcome.Unknown("late"))
                            .get(random.nextInt(3));
                    open.remove(random.nextInt(open.size())).returns(i, outcome);
                }
            }
            assertEquals(events.size(), History.of(events).events().size());
        }
    }

    @Test
    void whoComesUnderTheNameOfAForgottenClientIsAnotherProcess() {
        Recorder.Client alice = recorder.client("alice");
        alice.asks(1, A, WRITE).returns(2, new Outcome.Unknown("time is up"));
        Recorder.Asked open = alice.asks(3, A, READ);
        recorder.forget(alice);
        recorder.forget(recorder.client("bob"));
        Recorder.Client again = recorder.client("alice");
        again.asks(4, A, READ).returns(5, done(null, null));
        open.returns(6, done(null, null));
        again.asks(7, A, READ).returns(8, done(null, null));
        assertEquals(
                List.of(
                        "alice wrote x = 1 (outcome unknown)",
                        "alice/2 read x = nothing",
                        "alice/3 read x = nothing",
                        "alice/3 read x = nothing"),
                words());
    }
}
