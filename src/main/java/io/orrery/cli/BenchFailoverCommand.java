package io.orrery.cli;

import io.orrery.bench.experiment.Failover;
import io.orrery.bench.experiment.Failover.Figure;
import io.orrery.bench.experiment.KilledNodes;
import io.orrery.check.Verdict;
import io.orrery.model.Durations;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how long writes are not answered after the leader was killed. */
@Command(
        name = "failover",
        description = {
            "How long writes are not answered after the leader was killed under load, in virtual time; without a leader, after "
                    + "any replica was.",
            "Five replicas, a write every 20 ms at each; each kill is in a world of its own.",
            "With --real, five JVMs on this machine, of raft and abd if no other protocol is named: what was acknowledged is looked "
                    + "for at the end, and what clients saw is judged."
        })
final class BenchFailoverCommand implements Callable<Integer> {
    @Option(names = "--rounds", paramLabel = "N", description = "How many kills of each protocol (default: 100).")
    private int rounds = 100;

    @Option(names = "--real", description = "Kill JVMs on this machine.")
    private boolean real;

    @Mixin
    private ChosenProtocols chosenProtocols;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--rounds", rounds);
        if (real) {
            return killNodes();
        }
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

    private int killNodes() throws IOException {
        boolean isChosen = spec.commandLine().getParseResult().hasMatchedOption("--protocol");
        List<ProtocolType> protocols =
                isChosen ? chosenProtocols.protocols() : List.of(Protocols.named("raft"), Protocols.named("abd"));
        List<KilledNodes.Result> results = new ArrayList<>();
        common.<Boolean, IOException>measure(protocols.size() * rounds, progress -> {
            for (ProtocolType protocol : protocols) {
                results.add(new KilledNodes(protocol, common.seed(), rounds, progress).run());
            }
            return true;
        });
        List<Figure> figures = results.stream().map(KilledNodes.Result::figure).toList();
        List<String> notes = new ArrayList<>(Failover.neverRecovering(figures));
        for (KilledNodes.Result result : results) {
            notes.add(result.figure().protocol() + ": " + result.acknowledged() + " writes acknowledged, "
                    + result.lost() + " lost; " + result.model() + " "
                    + result.verdict().word());
        }
        notes.add(
                "From the kill to the first answer to a write that was asked after it; everywhere: until each of the four nodes"
                        + " that are left has answered one. The node that was killed is started again before the next kill.");
        common.publish(
                "Writes after a kill -9, in milliseconds: " + rounds + " kills of each protocol, of five JVMs",
                notes,
                List.of(Failover.sheet(figures)));
        boolean isSound = results.stream()
                .allMatch(result -> result.lost() == 0 && !(result.verdict() instanceof Verdict.Violated));
        return isSound ? ExitCode.OK : ExitCode.NO;
    }
}
