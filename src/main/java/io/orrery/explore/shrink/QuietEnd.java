package io.orrery.explore.shrink;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.Kind;
import io.orrery.scenario.Quiescence;
import io.orrery.scenario.Scenario;
import io.orrery.simulation.World;
import io.orrery.simulation.oracle.Repair;
import java.time.Duration;

/**
 * Whether replicas that differ at the end of a run differ for good. Where something is still down or cut, or news is still under
 * way, those of a sound protocol differ too, and the run says nothing about this one.
 */
final class QuietEnd {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);
    private static final int PERIODS_OF_ANTI_ENTROPY = 20;
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private QuietEnd() {}

    /** Whether a finding of this kind is one of the end of a run. */
    static boolean concerns(Kind kind) {
        return kind.sort() == Kind.Sort.MODEL && !Model.parse(kind.name()).judgesHistories();
    }

    /**
     * Has the world of a run go on for a time in which news would have come to all.
     *
     * @param repair was told of all events of the run
     */
    static boolean differForGood(Repair repair, Scenario scenario) {
        if (!repair.isComplete()) {
            return false;
        }
        World world = repair.world();
        Duration limit = world.now()
                .plus(LONG_ENOUGH)
                .plus(scenario.tuning().antiEntropy().multipliedBy(PERIODS_OF_ANTI_ENTROPY));
        Verdict verdict = Quiescence.judge(world.views());
        while (Quiescence.mayYetConverge(scenario.protocol(), verdict, world.views())
                && world.now().compareTo(limit) < 0) {
            world.runTo(world.now().plus(GLANCE));
            verdict = Quiescence.judge(world.views());
        }
        return verdict instanceof Verdict.Violated;
    }
}
