package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.Request;
import io.orrery.protocol.dissemination.MeddledWrites;
import io.orrery.protocol.singleleader.MeddledLevels;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.testkit.protocol.GeneratedScenarios;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bugs planted into protocols, and which models catch them, in the same worlds in which the protocols without the bugs
 * keep their promises ({@link PromisesTest}).
 */
class PlantedBugsTest {
    private static final int WORLDS = 300;

    private static ProtocolType lamport() {
        return Protocols.named("lamport-lww");
    }

    private static ProtocolType vector() {
        return Protocols.named("vector-causal");
    }

    private static ProtocolType cops() {
        return Protocols.named("cops");
    }

    /** What a session reads is no dependency of what it writes next. */
    private static ProtocolType forgetfulCops() {
        return Meddled.type(
                cops(), "a dependency dropped", (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    protected void reply(Request request, Outcome outcome) {
                        boolean read = request.operation() instanceof Operation.Read;
                        super.reply(
                                request,
                                read && outcome instanceof Outcome.Done done
                                        ? new Outcome.Done(
                                                done.value(), done.version(), done.status(), request.session())
                                        : outcome);
                    }
                });
    }

    /** A replica does not look at what a client has seen elsewhere. */
    private static ProtocolType withoutSessions() {
        return Meddled.type(
                vector(),
                "the session not looked at",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    public void request(Request request) {
                        super.request(new WithSession(request, ""));
                    }
                });
    }

    /** A replica that restarts begins with nothing. */
    private static ProtocolType withoutJournal() {
        return Meddled.type(
                lamport(), "the journal not read", (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    public void recover(JournalEntry entry) {}
                });
    }

    static Stream<Arguments> bugs() {
        return Stream.of(
                Arguments.of(
                        MeddledWrites.withoutTieBreak(Protocols.named("lamport-lww")), EnumSet.of(Model.CONVERGED)),
                Arguments.of(
                        MeddledWrites.withoutComparison(lamport()),
                        EnumSet.of(Model.CONVERGED, Model.READ_YOUR_WRITES, Model.MONOTONIC_READS)),
                Arguments.of(withoutJournal(), EnumSet.of(Model.READ_YOUR_WRITES, Model.MONOTONIC_READS)),
                Arguments.of(
                        MeddledWrites.withoutBuffer(vector()),
                        EnumSet.of(Model.CAUSAL_CCV, Model.MONOTONIC_WRITES, Model.WRITES_FOLLOW_READS)),
                Arguments.of(
                        withoutSessions(), EnumSet.of(Model.CAUSAL_CCV, Model.READ_YOUR_WRITES, Model.MONOTONIC_READS)),
                Arguments.of(MeddledWrites.withoutBuffer(cops()), EnumSet.of(Model.CAUSAL_CCV, Model.MONOTONIC_WRITES)),
                Arguments.of(forgetfulCops(), EnumSet.of(Model.CAUSAL_CCV, Model.WRITES_FOLLOW_READS)),
                Arguments.of(MeddledLevels.EARLY_ANSWER, EnumSet.of(Model.SEQUENTIAL, Model.READ_YOUR_WRITES)),
                Arguments.of(MeddledLevels.READ_OUT_OF_ORDER, EnumSet.of(Model.LINEARIZABLE)),
                Arguments.of(MeddledLevels.WRITES_OUT_OF_ORDER, EnumSet.of(Model.SEQUENTIAL)));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void aPlantedBugIsCaught(ProtocolType broken, Set<Model> models) {
        Set<Model> unseen = EnumSet.copyOf(models);
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < WORLDS && !unseen.isEmpty(); number++) {
                Run run = ScenarioRunner.run(
                        simulation, GeneratedScenarios.withinPromises(broken, number), number, WorldObserver.NONE);
                unseen.removeIf(model -> verdict(run, model) instanceof Verdict.Violated);
            }
        }
        assertEquals(Set.of(), unseen, broken + " was not seen to violate these");
    }

    private static Verdict verdict(Run run, Model model) {
        Verdict converged = run.verdicts().get(model);
        return converged != null ? converged : Checker.check(run.history(), model, CheckOptions.DEFAULT);
    }
}
