package io.orrery.cli;

import io.orrery.bench.experiment.Failover;
import io.orrery.bench.experiment.Failover.Figure;
import io.orrery.model.Durations;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how long writes are not answered after the leader was killed. */
@Command(
        name = "failover",
        description = {
            "How long writes are not answered after the leader was killed under load, in virtual time; without a leader, after "
                    + "any replica was.",
            "Five replicas, a write every 20 ms at each; each kill is in a world of its own."
        })
final class BenchFailoverCommand implements Callable<Integer> {
    @Option(names = "--rounds", paramLabel = "N", description = "How many kills of each protocol (default: 100).")
    private int rounds = 100;

    @Mixin
    private ChosenProtocols chosenProtocols;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--rounds", rounds);
        List<ProtocolType> protocols = chosenProtocols.protocols();
        List<Figure> figures = common.measure(
                protocols.size() * rounds, progress -> new Failover(common.seed(), rounds).run(protocols, progress));
        List<String> notes = new ArrayList<>(Failover.neverRecovering(figures));
        notes.add(
                "From the kill to the first answer to a write that was asked after it; everywhere: until each of the four"
                        + " replicas that are left has answered one. Each is asked every 20 ms on average; a write without an answer in "
                        + Durations.format(Failover.PATIENCE) + " counts as not answered. What takes longer than "
                        + Durations.format(Failover.LIMIT)
                        + " counts as never. The replica that was killed stays down.");
        return common.publish(
                "Writes after a kill, in milliseconds of virtual time: " + rounds + " kills of each protocol",
                notes,
                List.of(Failover.sheet(figures)));
    }
}
