package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.bench.HistoryGenerator;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Accepted histories in which one read is changed so that a model must not accept them. */
class MutationTest {
    private static final int SEEDS = 40;
    private static final List<Model> CAUSAL =
            List.of(Model.SEQUENTIAL, Model.CAUSAL_CC, Model.CAUSAL_CM, Model.CAUSAL_CCV);

    /** Finds what a read must not see: a write, or an operation that it saw nothing of; null where there is none. */
    private interface Mutation {
        Value[] of(List<Op> ops, Op read);
    }

    private static void caught(boolean linearizable, List<Model> models, Mutation mutation) {
        int mutants = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            History good = atOneNode(
                    linearizable
                            ? HistoryGenerator.linearizable(300, 4, 2, seed)
                            : HistoryGenerator.sequential(300, 4, 3, seed));
            for (Model model : models) {
                assertEquals(new Verdict.Holds(), Checker.check(good, model, CheckOptions.DEFAULT));
            }
            int tried = 0;
            for (Op read : good.ops()) {
                Value[] wrong = read.isRead() ? mutation.of(good.ops(), read) : null;
                if (wrong != null && !Objects.equals(wrong[0], read.value()) && tried < 5) {
                    tried++;
                    mutants++;
                    History bad = changed(good, read, wrong[0]);
                    for (Model model : models) {
                        Verdict verdict = Checker.check(bad, model, CheckOptions.DEFAULT);
                        assertEquals("violated", verdict.word(), () -> model + ": " + read + " as " + wrong[0]);
                        Witness witness = ((Verdict.Violated) verdict).witness();
                        assertTrue(witness.operations().size() <= 12, () -> model + " " + witness);
                    }
                }
            }
        }
        assertTrue(mutants >= SEEDS, mutants + " mutants");
    }

    /** Two of the session guarantees speak of what one replica shows. */
    private static History atOneNode(History history) {
        return History.of(
                history.events().stream().map(event -> event.at(NodeId.of("A"))).toList());
    }

    private static History changed(History history, Op read, Value value) {
        List<Event> events = new ArrayList<>(history.events());
        Event old = read.completion();
        Event other = Event.ok(old.time(), old.process(), old.f(), old.key(), value, null);
        events.set(read.completedAt(), other.at(old.node()));
        return History.of(events);
    }

    private static Op lastBefore(List<Op> ops, Op end, Predicate<Op> which) {
        Op found = null;
        for (Op op : ops.subList(0, end.number())) {
            found = which.test(op) ? op : found;
        }
        return found;
    }

    private static boolean sameKey(Op a, Op b) {
        return a.key().equals(b.key());
    }

    @Test
    void aValueThatHadBeenOverwrittenInRealTime() {
        caught(true, List.of(Model.LINEARIZABLE), (ops, read) -> {
            Op newer =
                    lastBefore(ops, read, w -> w.isWrite() && sameKey(w, read) && w.completedAt() < read.invokedAt());
            Op older = newer == null
                    ? null
                    : lastBefore(
                            ops, newer, w -> w.isWrite() && sameKey(w, read) && w.completedAt() < newer.invokedAt());
            return older == null ? null : new Value[] {older.value()};
        });
    }

    @Test
    void aValueThatNobodyWrote() {
        caught(true, List.of(Model.LINEARIZABLE), (ops, read) -> new Value[] {Value.of(1_000_000)});
        caught(
                false,
                List.of(Model.values()).stream()
                        .filter(m -> m.judgesHistories() && m != Model.LINEARIZABLE)
                        .toList(),
                (ops, read) -> new Value[] {Value.of(1_000_000)});
    }

    @Test
    void anOlderWriteOfOnesOwn() {
        List<Model> models = new ArrayList<>(CAUSAL);
        models.addAll(List.of(Model.PRAM, Model.READ_YOUR_WRITES));
        caught(false, models, (ops, read) -> {
            Op newer = lastBefore(
                    ops,
                    read,
                    w -> w.isWrite() && sameKey(w, read) && w.process().equals(read.process()));
            Op older = newer == null
                    ? null
                    : lastBefore(
                            ops,
                            newer,
                            w -> w.isWrite() && sameKey(w, read) && w.process().equals(read.process()));
            return older == null ? null : new Value[] {older.value()};
        });
    }

    @Test
    void theInitialValueAfterAnotherWasRead() {
        List<Model> models = new ArrayList<>(CAUSAL);
        models.addAll(List.of(Model.PRAM, Model.MONOTONIC_READS));
        caught(false, models, (ops, read) -> {
            Op before = lastBefore(
                    ops,
                    read,
                    r -> r.isRead() && sameKey(r, read) && r.process().equals(read.process()));
            return before == null || before.value() == null ? null : new Value[] {null};
        });
    }

    @Test
    void anEarlierWriteOfASessionAfterALaterOne() {
        List<Model> models = new ArrayList<>(CAUSAL);
        models.addAll(List.of(Model.PRAM, Model.MONOTONIC_READS, Model.MONOTONIC_WRITES));
        caught(false, models, (ops, read) -> {
            Op before = lastBefore(
                    ops,
                    read,
                    r -> r.isRead() && sameKey(r, read) && r.process().equals(read.process()));
            Op seen = before == null ? null : writeOf(ops, before);
            Op older = seen == null
                    ? null
                    : lastBefore(
                            ops,
                            seen,
                            w -> w.isWrite() && sameKey(w, read) && w.process().equals(seen.process()));
            return older == null ? null : new Value[] {older.value()};
        });
    }

    @Test
    void theInitialValueOfWhatAWriteFollowed() {
        List<Model> models = new ArrayList<>(CAUSAL);
        models.add(Model.WRITES_FOLLOW_READS);
        caught(false, models, (ops, read) -> {
            Op look = lastBefore(ops, read, r -> r.isRead() && r.process().equals(read.process()) && r.value() != null);
            Op seen = look == null ? null : writeOf(ops, look);
            Op followed = seen == null
                    ? null
                    : lastBefore(
                            ops,
                            seen,
                            r -> r.isRead()
                                    && sameKey(r, read)
                                    && r.process().equals(seen.process())
                                    && r.value() != null);
            return followed == null ? null : new Value[] {null};
        });
    }

    private static Op writeOf(List<Op> ops, Op read) {
        return ops.stream()
                .filter(w -> w.isWrite() && sameKey(w, read) && Objects.equals(w.value(), read.value()))
                .findFirst()
                .orElse(null);
    }
}
