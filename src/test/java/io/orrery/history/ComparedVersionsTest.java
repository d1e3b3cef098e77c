package io.orrery.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cas that was told a version compares with the value of that version. */
class ComparedVersionsTest {
    private static final Key X = Key.of("x");
    private static final NodeId A = NodeId.of("A");

    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);

    private static Version version(long counter) {
        return Version.of(counter, "A");
    }

    private void does(String client, Operation operation, Outcome outcome) {
        recorder.client(client).asks(events.size(), A, operation).returns(events.size(), outcome);
    }

    private void writes(String client, long value, long version) {
        does(client, new Operation.Write(X, Value.of(value)), done(value, version));
    }

    private static Outcome done(long value, long version) {
        return new Outcome.Done(
                Optional.of(Value.of(value)), Optional.of(version(version)), Outcome.Status.APPLIED, "");
    }

    private static Operation cas(long expected, long value) {
        return new Operation.CompareAndSet(X, Optional.of(version(expected)), Optional.of(Value.of(value)));
    }

    private static Outcome found(long value, long version) {
        return new Outcome.Mismatch(Optional.of(Value.of(value)), Optional.of(version(version)), "");
    }

    private Op last() {
        List<Op> ops = History.of(events).ops();
        return ops.get(ops.size() - 1);
    }

    private Verdict linearizable() {
        return Checker.check(History.of(events), Model.LINEARIZABLE, CheckOptions.DEFAULT);
    }

    @Test
    void theValueIsThatOfTheVersion() {
        writes("a", 1, 1);
        does("b", cas(1, 2), done(2, 2));
        assertEquals(Value.of(1), last().expected());
        assertTrue(last().isCas() && !last().isMismatch());
        assertEquals(Verdict.HOLDS, linearizable());
    }

    @Test
    void twoThatReplaceOneVersionHaveNoOrder() {
        writes("a", 1, 1);
        does("b", cas(1, 2), done(2, 2));
        does("c", cas(1, 3), done(3, 3));
        assertTrue(linearizable() instanceof Verdict.Violated, String.valueOf(linearizable()));
    }

    @Test
    void aMismatchIsAnObservation() {
        writes("a", 1, 1);
        does("b", cas(1, 2), found(1, 1));
        assertTrue(linearizable() instanceof Verdict.Violated, String.valueOf(linearizable()));
    }

    /** Another write of the same value has another version. */
    @Test
    void aMismatchSaysNothingWhereItsValueWasWrittenTwice() {
        writes("a", 1, 1);
        writes("a", 1, 2);
        does("b", cas(1, 2), found(1, 2));
        assertTrue(last().isFailed());
        assertEquals(Verdict.HOLDS, linearizable());
    }

    @Test
    void ofAVersionThatNobodyKnowsOnlyTheWriteIsJudged() {
        does("b", cas(7, 2), done(2, 8));
        assertTrue(last().isWrite());
        assertEquals(Value.of(2), last().value());
        does("b", cas(7, 3), new Outcome.Unknown("no answer"));
        assertTrue(last().isWrite() && last().isUnknown());
        does("c", cas(7, 4), found(2, 8));
        assertTrue(last().isFailed());
        assertEquals(Verdict.HOLDS, linearizable());
    }

    @Test
    void absenceIsCompared() {
        Operation create = new Operation.CompareAndSet(X, Optional.empty(), Optional.of(Value.of(1)));
        does("a", create, done(1, 1));
        assertNull(last().expected());
        does("b", create, found(1, 1));
        assertTrue(last().isMismatch());
        assertEquals(Verdict.HOLDS, linearizable());
        does("c", create, done(1, 2));
        assertTrue(linearizable() instanceof Verdict.Violated);
    }
}
