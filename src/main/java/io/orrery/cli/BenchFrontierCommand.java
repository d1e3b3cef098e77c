package io.orrery.cli;

import io.orrery.bench.experiment.FrontierExperiment;
import io.orrery.bench.experiment.FrontierExperiment.Figure;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the cost of each consistency level. */
@Command(
        name = "frontier",
        description = {
            "What each level costs: every protocol under the same load and faults, in many simulated worlds.",
            "How long writes and reads take, the strongest models that held in all worlds, and how stale reads were.",
            "Load, links and faults come from a scenario file, unless options override them."
        })
final class BenchFrontierCommand implements Callable<Integer> {
    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "The load, the links and the faults (default: scenarios/frontier.conf).")
    private Path file = SimCommand.scenarios().resolve("frontier.conf");

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Worlds per protocol (default: 200), with seeds from --seed upwards.")
    private int seeds = 200;

    @Option(
            names = "--delay",
            paramLabel = "D",
            description = "How long a message takes on any link: " + Delay.Syntax.FORMS + ".")
    private String delay;

    @Option(names = "--loss", paramLabel = "P", description = "The chance that a message is lost, on any link.")
    private Double loss;

    @Option(names = "--clients", paramLabel = "N", description = "How many clients.")
    private Integer clients;

    @Option(names = "--operations", paramLabel = "N", description = "How many operations all clients together make.")
    private Integer operations;

    @Option(names = "--keys", paramLabel = "N", description = "How many keys.")
    private Integer keys;

    @Option(names = "--reads", paramLabel = "P", description = "The share of reads; the rest is written.")
    private Double reads;

    @Option(
            names = "--moves",
            paramLabel = "P",
            description = "How likely a client moves to another replica before an operation.")
    private Double moves;

    @Option(names = "--no-faults", description = "No faults except on links.")
    private boolean noFaults;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        Scenario scenario = changed(ScenarioLoader.load(file));
        FrontierExperiment experiment = new FrontierExperiment(scenario, common.seed(), seeds);
        List<Figure> figures = common.measure(
                experiment.worlds(), progress -> experiment.run(protocol -> progress.accept(protocol.name())));
        return common.publish(
                "What each level costs, in milliseconds: every protocol in " + seeds + " worlds",
                List.of(
                        "The load, the links and the faults come from " + file + ", unless options override them.",
                        "Requests and answers of clients have no network delay, to a leader neither.",
                        "A stale read misses the newest write acknowledged before it; it is behind by the time since that"
                                + " acknowledgement.",
                        "Done is the share of operations that were neither refused nor left unknown."),
                List.of(FrontierExperiment.sheet(figures)),
                FrontierExperiment.plot(figures));
    }

    private Scenario changed(Scenario scenario) {
        List<Fault.ChangeLinks> links = new ArrayList<>(scenario.links());
        if (delay != null) {
            links.add(everywhere(LinkChange.delay(Delay.parse(delay))));
        }
        if (loss != null) {
            links.add(everywhere(LinkChange.loss(loss)));
        }
        Scenario kept = noFaults ? scenario.withoutFaults() : scenario;
        return kept.with(kept.protocol(), links, Optional.of(load(kept)), kept.steps());
    }

    private static Fault.ChangeLinks everywhere(LinkChange change) {
        return new Fault.ChangeLinks(Optional.empty(), Optional.empty(), change);
    }

    private Workload load(Scenario scenario) {
        Workload usual = scenario.workload()
                .orElseThrow(() -> new IllegalArgumentException(file + " has no workload, which this benchmark needs"));
        return new Workload(
                clients == null ? usual.clients() : clients,
                operations == null ? usual.operations() : operations,
                keys == null ? usual.keys() : keys,
                reads == null ? usual.reads() : reads,
                usual.deletes(),
                moves == null ? usual.moves() : moves,
                usual.thinkTime(),
                usual.redirects(),
                usual.values());
    }
}
