package io.orrery.check;

import static io.orrery.check.ModelsTest.steps;
import static io.orrery.check.ModelsTest.witness;
import static io.orrery.check.ModelsTest.word;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where values repeat: what versions tell, and what can be told without them. */
class RepeatedValuesTest {
    /** So many reads of absence that each saw the start or one of two deletes, after some other steps. */
    private static History absentElevenTimes(String... others) {
        List<String> steps = new ArrayList<>(List.of(others));
        for (int i = 0; i < 11; i++) {
            steps.add("bob r z -");
        }
        return steps(steps.toArray(String[]::new));
    }

    @Test
    void recordedVersionsTellEqualValuesApartAndOrderWrites() {
        History history =
                steps("alice w x 1 1@A", "bob w x 1 2@B", "carol r x 1 2@B", "carol r x 1 1@A", "alice d x - 3@A");
        assertEquals("violated", word(history, Model.MONOTONIC_READS));
        assertEquals("violated", word(history, Model.LINEARIZABLE));
        assertEquals(
                "holds",
                Checker.check(history, Model.LINEARIZABLE, CheckOptions.DEFAULT.withoutVersions())
                        .word());
        assertEquals(
                "holds",
                Checker.check(history, Model.MONOTONIC_READS, CheckOptions.DEFAULT.withoutVersions())
                        .word());
    }

    /** Whether alice has read her last write nobody can tell, whatever the absence is that bob has read. */
    @Test
    void aKeyOfWhichNobodyCanTellIsNotForgottenForAnotherWhoseReadsAreMatched() {
        String[] unclear = {"alice w x 1 5@A", "alice w x 2", "alice r x 1 5@A"};
        String[] ambiguous = {"alice d z -", "bob r z -"};
        assertEquals("undecided", word(steps(unclear), Model.READ_YOUR_WRITES));
        assertEquals("holds", word(steps(ambiguous), Model.READ_YOUR_WRITES));
        History both = steps(
                Stream.concat(Arrays.stream(unclear), Arrays.stream(ambiguous)).toArray(String[]::new));
        assertEquals("undecided", word(both, Model.READ_YOUR_WRITES));
    }

    /** As replicas answer: what was deleted has a version, and what was never written has none. */
    private static History absentOnManyKeys(String... others) {
        List<String> steps = new ArrayList<>();
        for (int k = 0; k < 200; k++) {
            String key = " k" + k;
            steps.addAll(List.of(
                    "bob r" + key + " -",
                    "alice w" + key + " 1 1@A",
                    "bob r" + key + " -",
                    "alice d" + key + " - 2@A",
                    "bob r" + key + " - 2@A"));
        }
        steps.addAll(List.of(others));
        return steps(steps.toArray(String[]::new));
    }

    @Test
    void manyReadsThatSawTheStartCostNoMoreThanOthers() {
        // No order of all operations explains these.
        History history = absentOnManyKeys("eve w x 1 1@E", "frank w y 1 1@F", "eve r y -", "frank r x -");
        CheckOptions checkOptions =
                CheckOptions.DEFAULT.withStates(20L * history.ops().size());
        assertEquals(
                "violated",
                Checker.check(history, Model.SEQUENTIAL, checkOptions).word());
        for (Model model : List.of(
                Model.CAUSAL_CCV,
                Model.CAUSAL_CM,
                Model.PRAM,
                Model.READ_YOUR_WRITES,
                Model.MONOTONIC_READS,
                Model.MONOTONIC_WRITES,
                Model.WRITES_FOLLOW_READS)) {
            assertEquals("holds", Checker.check(history, model, checkOptions).word(), model.id());
        }
    }

    @Test
    void amongManyReadsThatSawTheStartOneThatCannotHaveIsFound() {
        History ownWrite = absentOnManyKeys("carol d x - 1@A", "carol w x 1 2@A", "carol r x -");
        History seenWrite = absentOnManyKeys("carol d x - 1@A", "carol w x 1 2@A", "dave r x 1 2@A", "dave r x -");
        CheckOptions checkOptions =
                CheckOptions.DEFAULT.withStates(20L * ownWrite.ops().size());
        assertEquals(
                "violated",
                Checker.check(ownWrite, Model.READ_YOUR_WRITES, checkOptions).word());
        assertEquals(
                "violated",
                Checker.check(seenWrite, Model.MONOTONIC_READS, checkOptions).word());
    }

    @Test
    void realTimeThatTellsAWriteDoesNotHideItsVersion() {
        // Only one of the deletes had begun when the version of a delete was read, again after it had been overwritten.
        History overwritten = steps("a w x 1 1@A", "b D x", "r r x - 2@A", "a w x 3 3@A", "r r x - 2@A", "c D x");
        assertEquals("violated", word(overwritten, Model.LINEARIZABLE));
        Witness twoVersions = witness(steps("a W x 1", "r r x 1 1@A", "r r x 1 2@A", "c W x 1"), Model.LINEARIZABLE);
        assertEquals(
                "However these reads are matched with the writes of their values, a write would have made two versions, or "
                        + "two writes the same.",
                twoVersions.explanation());
        assertEquals(4, twoVersions.operations().size());
        // The version of the first read is that of the other write, as the read of 2 tells.
        String[] known = {"a D x", "b D x", "c w x 2 3@A", "r r x - 3@A", "r r x 2 3@A"};
        assertEquals("violated", word(steps(known), Model.CAUSAL_CCV));
    }

    @Test
    void versionsCountWhereOnlyReadsTellThem() {
        String[] back = {"a D x", "b D x", "r r x - 4@A", "r r x - 2@A"};
        // The last read may have seen either delete, and what it did not record denies neither.
        String[] either = {"a D x", "b D x", "r r x - 4@A", "r r x -"};
        for (Model model : List.of(Model.LINEARIZABLE, Model.SEQUENTIAL, Model.CAUSAL_CCV, Model.MONOTONIC_READS)) {
            assertEquals("violated", word(steps(back), model), model.id());
            assertEquals("holds", word(steps(either), model), model.id());
        }
        for (Model model : List.of(Model.CAUSAL_CC, Model.CAUSAL_CM, Model.PRAM)) {
            assertEquals("holds", word(steps(back), model), model.id());
            assertEquals("holds", word(steps(either), model), model.id());
        }
    }

    @Test
    void oneAmbiguousReadDoesNotHideTheVersionsOfOtherOperations() {
        List<String> steps = new ArrayList<>(
                List.of("a w x 1 1@A", "a w x 2 2@A", "a w x 1 3@A", "r r x 2 2@A", "r r x 1 1@A", "b D y", "c D y"));
        steps.add("r r y - 7@A");
        assertEquals("violated", word(steps(steps.toArray(String[]::new)), Model.SEQUENTIAL));
        // On one key: real time leaves both deletes, and their version is above that of the last write.
        String[] one = {"a D x", "b D x", "c w x 1 5@A", "r r x - 3@A", "c w x 2 4@A"};
        assertEquals("violated", word(steps(one), Model.LINEARIZABLE));
        assertEquals("violated", word(steps(one), Model.SEQUENTIAL));
    }

    @Test
    void whereValuesRepeatEveryWayToMatchThemIsTriedWithinTheBudget() {
        List<String> steps = new ArrayList<>(List.of("alice w x 1", "bob w x 1", "bob w x 2", "carol r x 2"));
        steps.add("carol r x 1");
        assertEquals("holds", word(steps(steps.toArray(String[]::new)), Model.CAUSAL_CCV));
        steps.set(0, "bob w x 1");
        Witness witness = witness(steps(steps.toArray(String[]::new)), Model.CAUSAL_CCV);
        assertTrue(
                witness.explanation()
                        .startsWith("Values repeat, and no way to match reads with writes will do. In one of"),
                witness.explanation());
        for (int i = 0; i < 10; i++) {
            steps.add("dave r x 1");
        }
        assertEquals("violated", word(steps(steps.toArray(String[]::new)), Model.CAUSAL_CCV));
        Verdict.Undecided undecided = assertInstanceOf(
                Verdict.Undecided.class,
                Checker.check(
                        steps(steps.toArray(String[]::new)), Model.CAUSAL_CCV, CheckOptions.DEFAULT.withStates(1)));
        assertEquals(Verdict.Cause.REPEATED_VALUES, undecided.cause());
        assertEquals(
                "carol read x = 1, which was there more than once, and nothing tells which of those it saw; the model needs to "
                        + "know, and the budget of 1 states was spent before all ways were tried",
                undecided.reason());
    }

    @Test
    void whatIsWrongWithoutAmbiguousReadsIsWrong() {
        History unrelated = absentElevenTimes("a w y 1", "a r y -", "c w x 5", "c d x", "b D z", "c D z");
        History versions =
                absentElevenTimes("a w y 1 2@A", "a w y 2 1@A", "r r y 1 2@A", "r r y 2 1@A", "b D z", "c D z");
        for (Model model : Model.values()) {
            if (model.judgesHistories()) {
                boolean about = !Set.of(Model.MONOTONIC_READS, Model.MONOTONIC_WRITES, Model.WRITES_FOLLOW_READS)
                        .contains(model);
                assertEquals(about ? "violated" : "holds", word(unrelated, model), model.id());
            }
        }
        assertEquals("violated", word(versions, Model.MONOTONIC_READS));
        assertEquals("violated", word(versions, Model.SEQUENTIAL));
    }

    @Test
    void whatHasOneOrderSatisfiesEveryModelHoweverReadsAreMatched() {
        History linearizable = absentElevenTimes("a w x 1", "b D z", "c D z");
        History sequential = absentElevenTimes("a w x 1", "a w x 2", "c r x 1", "b D z", "c D z");
        History versions = absentElevenTimes("a w x 1 1@A", "a w x 2 2@A", "c r x 2 2@A", "b D z", "c D z");
        for (Model model : Model.values()) {
            if (model.judgesHistories()) {
                assertEquals("holds", word(linearizable, model), model.id());
                assertEquals("holds", word(versions, model), model.id());
                assertEquals(model == Model.LINEARIZABLE ? "violated" : "holds", word(sequential, model), model.id());
            }
        }
    }

    @Test
    void aReaderLearnsTheVersionOfAWriteWhoseClientNeverDid() {
        String[] known = {"alice W x 1", "carol w x 2 5@B", "bob r x 2 5@B", "bob r x 1 3@A"};
        assertEquals("violated", word(steps(known), Model.MONOTONIC_READS));
        assertEquals("violated", word(steps(known), Model.CAUSAL_CCV));
        assertEquals("holds", word(steps(known), Model.CAUSAL_CM));
        // Two deletes timed out: each can have made one of the versions, and there is none for a third.
        String[] two = {"a D x", "b D x", "c r x - 3@A", "c r x - 4@B", "c r x - 5@C"};
        assertEquals("holds", word(steps(Arrays.copyOf(two, 4)), Model.CAUSAL_CCV));
        assertEquals("violated", word(steps(two), Model.CAUSAL_CCV));
    }

    @Test
    void aWitnessHasTheReadThatToldAVersion() {
        History history = steps("a w x 2 9@A", "a W x 1", "r r x 1 1@B");
        for (Model model : List.of(Model.LINEARIZABLE, Model.SEQUENTIAL, Model.CAUSAL_CCV, Model.MONOTONIC_WRITES)) {
            Witness witness = witness(history, model);
            assertEquals(history.ops(), witness.operations(), model.id());
            assertTrue(
                    witness.explanation().contains("a wrote x = 1 (outcome unknown), read at version 1@B"),
                    witness.explanation());
        }
    }
}
