package io.orrery.check;

import static io.orrery.check.ModelsTest.steps;
import static io.orrery.check.ModelsTest.witness;
import static io.orrery.check.ModelsTest.word;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.history.History;
import io.orrery.history.Op;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What versions say where only some operations have one, and where they contradict each other. */
class VersionOrderTest {
    private static final Set<Model> ORDERED = Set.of(Model.LINEARIZABLE, Model.SEQUENTIAL, Model.CAUSAL_CCV);

    @Test
    void oneWriteWithoutAVersionLeavesTheOrderOfTheOthers() {
        String[] back = {"a w x 1 1@A", "b w x 2 2@A", "c r x 2 2@A", "c r x 1 1@A", "d w x 3"};
        for (int length = 4; length <= 5; length++) {
            History history = steps(List.of(back).subList(0, length).toArray(String[]::new));
            for (Model model : ORDERED) {
                assertEquals("violated", word(history, model), model.id());
            }
            assertEquals("violated", word(history, Model.MONOTONIC_READS));
        }
    }

    @Test
    void aWriteWithoutAVersionIsNotBetweenAHigherAndALower() {
        // Each of the two is in order with the third, and they are not among themselves.
        History history = steps("a w x 2 2@A", "c w x 3", "b w x 1 1@A");
        Witness witness = witness(history, Model.LINEARIZABLE);
        assertEquals("VersionsAgainstTime", witness.pattern());
        assertEquals(
                List.of("a wrote x = 2 at version 2@A", "b wrote x = 1 at version 1@A"),
                witness.operations().stream().map(Op::words).toList());
    }

    @Test
    void aWriteWithoutAVersionThatIsReadBeforeAndAfterOthersIsNoWayRound() {
        // c's write is overwritten by nothing in between, so a's comes before it and b's after; both overlap.
        Witness witness = witness(
                lines(
                        "a invoke write 2",
                        "c invoke write 3",
                        "c ok write 3",
                        "b invoke write 1",
                        "a ok write 2 2@A",
                        "d invoke read null",
                        "d ok read 3",
                        "b ok write 1 1@A"),
                Model.LINEARIZABLE);
        assertEquals("VersionsAgainstTime", witness.pattern());
        assertEquals(4, witness.operations().size());
        assertEquals(
                "\"a wrote x = 2 at version 2@A\" ended before \"d read x = 3\" began, so \"a wrote x = 2 at version 2@A\" came "
                        + "before \"c wrote x = 3\", and \"c wrote x = 3\" ended before",
                witness.explanation().substring(0, 161));
    }

    /** Events on x, each with a version at the end or without. */
    private static History lines(String... events) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < events.length; i++) {
            String[] word = events[i].split(" ");
            lines.append(String.format(
                    "{\"time\":%d,\"process\":\"%s\",\"type\":\"%s\",\"f\":\"%s\",\"key\":\"x\",\"value\":%s%s}%n",
                    i, word[0], word[1], word[2], word[3], word.length < 5 ? "" : ",\"version\":\"" + word[4] + "\""));
        }
        return ModelsTest.read(lines.toString());
    }

    @Test
    void theReadThatToldAVersionIsInTheWitness() {
        // b's client never learned the version, which d tells; e goes back.
        History history = steps("a w x 1 5@A", "b w x 2", "d r x 2 7@A", "e r x 2", "e r x 1 5@A");
        for (Model model : List.of(Model.SEQUENTIAL, Model.CAUSAL_CCV, Model.MONOTONIC_READS)) {
            assertEquals(history.ops(), witness(history, model).operations(), model.id());
        }
    }

    @Test
    void versionsCountWhereThereIsACas() {
        String[] events = {
            "a invoke write 1",
            "b invoke write 2",
            "a ok write 1 2@A",
            "b ok write 2 1@A",
            "c invoke cas [2,3]",
            "c ok cas [2,3] 3@A"
        };
        for (Model model : List.of(Model.LINEARIZABLE, Model.SEQUENTIAL)) {
            assertEquals("violated", word(lines(events), model), model.id());
            String version = events[5];
            events[5] = "c ok cas [1,3] 3@A";
            events[4] = "c invoke cas [1,3]";
            assertEquals("holds", word(lines(events), model), model.id());
            events[4] = "c invoke cas [2,3]";
            events[5] = version;
        }
    }

    @Test
    void twoWritesOfOneVersionSatisfyNoModel() {
        for (String second : List.of("b w x 2 1@A", "b w x 1 1@A", "b d x - 1@A")) {
            History history = steps("a w x 1 1@A", second);
            for (Model model : Model.values()) {
                if (model.judgesHistories()) {
                    Witness witness = witness(history, model);
                    assertEquals("SharedVersion", witness.pattern());
                    assertEquals(history.ops(), witness.operations());
                }
            }
            assertEquals(
                    "holds",
                    Checker.check(history, Model.LINEARIZABLE, CheckOptions.DEFAULT.withoutVersions())
                            .word());
        }
        assertEquals(
                "\"a wrote x = 1 at version 1@A\" and \"b wrote x = 2 at version 1@A\" are two writes, and a version names one.",
                witness(steps("a w x 1 1@A", "b w x 2 1@A"), Model.PRAM).explanation());
        // A version is one of its key.
        assertEquals("holds", word(steps("a w x 1 1@A", "b w y 2 1@A"), Model.LINEARIZABLE));
    }
}
