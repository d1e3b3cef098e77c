package io.orrery.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import io.orrery.config.ConfigProblem;
import io.orrery.explore.Kind;
import io.orrery.explore.sweep.Assembly;
import io.orrery.explore.sweep.Sweep;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.workers.WorkerMessage.Found;
import io.orrery.workers.WorkerMessage.Part;
import io.orrery.workers.WorkerMessage.Unit;
import io.orrery.workers.WorkerMessage.World;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is handed out and comes back in any order, and some of it twice, adds up to what one machine says. */
class HandOutTest {
    private static SweepPlan plan(Task task, long lastSeed, boolean untilViolation) {
        return new SweepPlan(
                task.scenarios(warning -> {}), 1, lastSeed, Optional.empty(), untilViolation, 1, task.strategy());
    }

    private static SweepResult result(SweepPlan plan, Assembly assembly) {
        return new SweepResult(plan, assembly.close(), assembly.why(), Duration.ZERO);
    }

    /** As it arrives at the other side. */
    private static Part sent(Part part) {
        return (Part) WorkerMessage.codec().decode(WorkerMessage.codec().encode(part));
    }

    private static List<Part> play(UnitPlayer player, Unit unit) {
        return player.play(unit, "worker").stream().map(HandOutTest::sent).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whateverComesBackWhenTheResultIsThatOfOneMachine(boolean untilViolation) throws InterruptedException {
        Task task = Races.task(List.of("lamport-lww", "primary-linearizable"));
        SweepPlan plan = plan(task, 60, untilViolation);
        Assembly assembly = new Assembly(plan);
        HandOut handOut = new HandOut(plan, assembly);
        Random random = new Random(7);
        List<Unit> out = new ArrayList<>();
        try (UnitPlayer player = new UnitPlayer(task.scenarios(warning -> {}), task.strategy())) {
            while (!assembly.isComplete()) {
                while (out.size() < 4 && handOut.next().map(out::add).isPresent()) {
                    // as many as there are
                }
                Collections.shuffle(out, random);
                // What was handed out to a worker that dies is played by another one, and the first may have said it.
                play(player, out.get(0)).forEach(handOut::take);
                if (random.nextBoolean()) {
                    play(player, out.remove(0)).forEach(handOut::take);
                }
            }
        }
        assertEquals(Races.text(new Sweep(plan).run()), Races.text(result(plan, assembly)));
    }

    @Test
    void unitsGrowUntilOneTakesLongEnough() {
        SweepPlan plan = plan(Races.task(List.of()), 1_000, false);
        HandOut handOut = new HandOut(plan, new Assembly(plan));
        assertEquals(Optional.of(new Unit(0, 1, 0, 1)), handOut.next());
        handOut.take(new Part("worker", 0, 10_000_000, List.of(), List.of()));
        assertEquals(Optional.of(new Unit(1, 2, 0, 10)), handOut.next());
        handOut.take(new Part("worker", 0, 1, List.of(), List.of()));
        assertTrue(handOut.next().orElseThrow().worlds() > 10);
    }

    /** Its memory is bounded, however slow one worker is. */
    @Test
    void noUnitIsFarAheadOfTheFirstThatIsNotBack() {
        SweepPlan plan = plan(Races.task(List.of()), 1_000_000, false);
        Assembly assembly = new Assembly(plan);
        HandOut handOut = new HandOut(plan, assembly);
        handOut.take(new Part("worker", 0, 1, List.of(), List.of()));
        Unit slow = handOut.next().orElseThrow();
        long handedOut = slow.worlds();
        for (Optional<Unit> unit = handOut.next(); unit.isPresent(); unit = handOut.next()) {
            handedOut += unit.get().worlds();
        }
        assertTrue(handedOut <= 4_096, handedOut + " worlds");
        World nothing = new World(List.of(), List.of(), List.of(), List.of(), List.of());
        handOut.take(new Part("worker", slow.world(), 1, List.of(), Collections.nCopies(slow.worlds(), nothing)));
        assertEquals(slow.worlds(), assembly.added());
        assertTrue(handOut.next().isPresent());
        assertFalse(assembly.isComplete());
    }

    @Test
    void whatNoWorldCanComeToIsRefused() {
        SweepPlan plan = plan(Races.task(List.of()), 10, false);
        HandOut handOut = new HandOut(plan, new Assembly(plan));
        handOut.next();
        World unknown = new World(List.of(1), List.of(), List.of(), List.of(), List.of());
        World finding = new World(List.of(), List.of(), List.of(), List.of(new Found(-1, "")), List.of());
        List<Kind> known = List.of(Kind.of(Model.LINEARIZABLE));
        for (Part part : List.of(
                new Part("worker", 0, 1, known, List.of(unknown)),
                new Part("worker", 0, 1, known, List.of(finding)),
                new Part("worker", -1, 1, known, List.of()),
                new Part("worker", 0, -1, known, List.of()),
                new Part("worker", 0, 1, List.of(new Kind(Kind.Sort.MODEL, "no-such-model")), List.of()))) {
            assertThrows(IllegalArgumentException.class, () -> handOut.take(part), part.toString());
        }
    }

    /** What a stranger's file may not do, one that comes over the network may not either. */
    @ParameterizedTest
    @ValueSource(strings = {"include \"/etc/hostname\"", "title = ${HOME}", "no-such-key = 1"})
    void aWorkerReadsATextAsAStrangers(String line) {
        Task task = Races.task(List.of());
        Task worse = new Task(task.file(), task.text() + "\n" + line, List.of(), List.of(), "random");
        assertThrows(ConfigProblem.class, () -> worse.scenarios(warning -> {}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "java.lang.Runtime", "{\"@type\":\"end\"}"})
    void whatIsNoMessageIsNotUnderstood(String bytes) {
        assertThrows(
                NotSerializableException.class,
                () -> new MessageSerializer().fromBinary(bytes.getBytes(StandardCharsets.UTF_8), ""));
    }
}
