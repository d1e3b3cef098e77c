package io.orrery.cli;

import io.orrery.bench.experiment.Comparison;
import io.orrery.bench.experiment.Comparison.Figure;
import io.orrery.bench.experiment.ComparisonReport;
import io.orrery.config.IncludePolicy;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Regions;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says which protocol suits whom: what each costs and gives under one load and the same faults. */
@Command(
        name = "compare",
        description = {
            "Which protocol suits me: each under the same load and faults, in many simulated worlds.",
            "How long writes and reads take in each region, what is answered before, during and after each fault, how stale "
                    + "reads are, what replicas send, which models held in all worlds, and whom that suits.",
            "Load, links and faults come from a scenario file, unless options override them."
        })
class CompareCommand implements Callable<Integer> {
    /** What is printed is not wider, whatever the terminal. */
    private static final int WIDEST = 100;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..1",
            description = "The load, the links and the faults (default: scenarios/frontier.conf).")
    private Path file;

    @Mixin
    private ChosenProtocols chosenProtocols;

    @Option(
            names = "--regions",
            paramLabel = "FILE",
            description =
                    "Where replicas and clients are, and how long the way takes, such as conf/regions/ibm-cloud.conf; "
                            + "without it clients are where the scenario says.")
    private Path regionsFile;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Worlds per protocol (default: 50; bench frontier: 200), with seeds from --seed upwards.")
    private Integer seeds;

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

    /** How many worlds of each protocol, if nobody says how many. */
    int usualSeeds() {
        return 50;
    }

    /** The scenario that {@code --scenario} names, where a command has that option. */
    Optional<Path> otherFile() {
        return Optional.empty();
    }

    @Override
    public Integer call() throws IOException {
        file = Optional.ofNullable(file)
                .or(this::otherFile)
                .orElseGet(() -> SimCommand.scenarios().resolve("frontier.conf"));
        Consumer<String> warnings = spec.commandLine().getErr()::println;
        Scenario scenario = changed(ScenarioLoader.load(file, IncludePolicy.STRANGER, warnings));
        Optional<Regions> regions =
                Optional.ofNullable(regionsFile).map(path -> Regions.load(path, scenario.replicas(), warnings));
        if (regions.isPresent()) {
            IdleOptions.refuse(spec, "is said by --regions; leave one of them out", "--delay");
        }
        List<ProtocolType> chosen = chosenProtocols.protocols();
        int worlds = seeds == null ? usualSeeds() : seeds;
        Comparison comparison = new Comparison(scenario, regions, chosen, common.seed(), worlds);
        List<Figure> figures = common.measure(
                comparison.worlds(), progress -> comparison.run(protocol -> progress.accept(protocol.name())));
        return common.publish(
                Math.min(WIDEST, Terminal.columns()),
                "What each protocol costs and gives, in milliseconds: " + worlds + " worlds of each",
                notes(regions),
                ComparisonReport.sheets(figures),
                ComparisonReport.plot(spec.name(), figures));
    }

    private List<String> notes(Optional<Regions> regions) {
        List<String> notes = new ArrayList<>();
        notes.add("The load, the links and the faults come from " + file + ", unless options override them.");
        notes.add(regions.map(
                        it -> "Times between regions: " + it.source() + ", from " + regionsFile
                                + ". A client is beside one replica, in its region, and pays the way to any other that it asks.")
                .orElse(
                        "Clients are where the scenario says: beside each replica, if it says nothing; then requests and"
                                + " answers take no time, to a leader neither. --regions FILE places them."));
        notes.add(
                "An operation takes from the first request of its client to the last answer, a second request to the leader"
                        + " included. Answered is the share that was neither refused nor left unknown; around a fault, of the"
                        + " operations that began then, at replicas that were up.");
        notes.add("A stale read misses the newest write acknowledged before it; it is behind by the time since that"
                + " acknowledgement. Messages and bytes are those between replicas, for each operation.");
        return notes;
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
        return kept.with(kept.protocol(), links, load(kept), kept.steps());
    }

    private static Fault.ChangeLinks everywhere(LinkChange change) {
        return new Fault.ChangeLinks(Optional.empty(), Optional.empty(), change);
    }

    private Optional<Workload> load(Scenario scenario) {
        if (scenario.workload().isEmpty()) {
            IdleOptions.refuse(
                    spec,
                    "changes a workload, and " + file + " has none",
                    "--clients",
                    "--operations",
                    "--keys",
                    "--reads",
                    "--moves");
        }
        return scenario.workload()
                .map(usual -> new Workload(
                        clients == null ? usual.clients() : clients,
                        operations == null ? usual.operations() : operations,
                        keys == null ? usual.keys() : keys,
                        reads == null ? usual.reads() : reads,
                        usual.deletes(),
                        moves == null ? usual.moves() : moves,
                        usual.thinkTime(),
                        usual.redirects(),
                        usual.values(),
                        usual.cas()));
    }
}
