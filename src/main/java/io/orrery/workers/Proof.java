package io.orrery.workers;

import io.orrery.explore.sweep.Played;
import io.orrery.explore.sweep.Turn;
import io.orrery.explore.sweep.WorldPlayer;
import io.orrery.loop.Strategy;
import io.orrery.report.TraceText;
import io.orrery.scenario.Scenario;
import io.orrery.simulation.Trace;
import java.util.List;

/**
 * What the first worlds of a sweep look like, each event of them. Who comes to another proof would come to another table: it
 * runs other code, whatever version that says it is.
 */
final class Proof {
    private Proof() {}

    /** Plays one world of each scenario. */
    static String of(List<Scenario> scenarios, Strategy strategy, long seed) {
        StringBuilder proof = new StringBuilder();
        try (WorldPlayer player = new WorldPlayer(false)) {
            for (Scenario scenario : scenarios) {
                Trace trace = new Trace();
                Played played = player.play(scenario, Turn.fresh(seed, strategy), trace);
                proof.append(TraceText.hash(trace.events()).substring(0, 16))
                        .append('-')
                        .append(Integer.toHexString(played.answers().toString().hashCode()))
                        .append(' ');
            }
        }
        return proof.toString().strip();
    }
}
