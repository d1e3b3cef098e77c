package io.orrery.bench.experiment;

import io.orrery.bench.Parallel;
import io.orrery.bench.experiment.DotPlot.Kind;
import io.orrery.check.CheckOptions;
import io.orrery.check.Model;
import io.orrery.check.Staleness;
import io.orrery.history.Op;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.Workload;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The cost of each consistency level: every protocol under the same load and faults, in many worlds. Measures the
 * latency of writes and reads, which models held in all worlds, and the staleness of reads.
 */
public final class FrontierExperiment {
    private final Scenario scenario;
    private final long firstSeed;
    private final int seeds;

    /**
     * @param done the share of operations that succeeded
     * @param stale the share of reads that missed the newest write acknowledged before them
     * @param behind for those reads, the time since that write was acknowledged
     */
    public record Figure(
            ProtocolType protocol,
            PromiseTable standing,
            Latencies writes,
            Latencies reads,
            double done,
            double stale,
            Latencies behind) {}

    /**
     * @param scenario the load and the faults; its protocol is ignored
     * @param seeds the number of worlds for each protocol
     */
    public FrontierExperiment(Scenario scenario, long firstSeed, int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds is 1 or more, not " + seeds);
        }
        this.scenario = scenario;
        this.firstSeed = firstSeed;
        this.seeds = seeds;
    }

    /** The total number of worlds. */
    public int worlds() {
        return Protocols.all().size() * seeds;
    }

    /**
     * Measures all protocols, on as many threads as there are processors.
     *
     * @param progress called after each world, on any thread
     * @return from the strongest protocol to the weakest
     */
    public List<Figure> run(Consumer<ProtocolType> progress) {
        List<Callable<Figure>> measured = Protocols.all().stream()
                .map(protocol -> (Callable<Figure>) () -> measure(protocol, progress))
                .toList();
        return Parallel.run(Runtime.getRuntime().availableProcessors(), measured, "a world failed").stream()
                .sorted(Comparator.comparingInt(figure -> figure.standing().rank()))
                .toList();
    }

    private Figure measure(ProtocolType protocol, Consumer<ProtocolType> progress) {
        Scenario story = scenario.with(protocol, scenario.links(), scenario.workload(), scenario.steps());
        Tally tally = new Tally();
        try (Simulation simulation = Simulation.start()) {
            for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
                tally.add(ScenarioRunner.run(simulation, story, seed, tally, List.of(Model.CONVERGED)));
                progress.accept(protocol);
            }
        }
        return tally.figure(protocol);
    }

    /** The results of one protocol's worlds so far. */
    private final class Tally implements WorldObserver {
        private final PromiseTable promiseTable = new PromiseTable();
        private final Latencies writes = new Latencies();
        private final Latencies reads = new Latencies();
        private final Latencies behind = new Latencies();
        private long operations;
        private long measuredReads;

        @Override
        public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
            boolean askedAgain = scenario.workload().map(Workload::redirects).orElse(false)
                    && outcome instanceof Outcome.Refused refused
                    && refused.reason() == Outcome.Reason.NOT_LEADER;
            operations += askedAgain ? 0 : 1;
        }

        void add(Run run) {
            promiseTable.judge(run.seed(), run.history(), run.verdicts().get(Model.CONVERGED));
            for (Op op : run.history().ops()) {
                if (op.isOk()) {
                    (op.isRead() ? reads : writes)
                            .add(op.completion().time() - op.invocation().time());
                }
            }
            Staleness.measure(run.history(), CheckOptions.DEFAULT, (versions, nanos) -> {
                measuredReads++;
                if (versions > 0) {
                    behind.add(nanos);
                }
            });
        }

        Figure figure(ProtocolType protocol) {
            double done = (double) (writes.count() + reads.count()) / operations;
            double stale = measuredReads == 0 ? 0 : (double) behind.count() / measuredReads;
            return new Figure(protocol, promiseTable, writes, reads, done, stale, behind);
        }
    }

    public static Sheet sheet(List<Figure> figures) {
        Sheet sheet = new Sheet()
                .text("protocol", "protocol")
                .text("held", "held in every world")
                .text("converged", "converged")
                .text("lost", "did not hold")
                .latencies("write", "write")
                .latencies("read", "read")
                .share("done", "done")
                .share("stale", "stale reads")
                .millis("behindMeanMillis", "behind by mean")
                .millis("behindP99Millis", "p99");
        for (Figure figure : figures) {
            sheet.row()
                    .add(figure.protocol().name())
                    .add(figure.standing().toString())
                    .add(figure.standing().hasConverged() ? "yes" : "no")
                    .add(figure.standing().firstLost())
                    .latencies(figure.writes())
                    .latencies(figure.reads())
                    .add(figure.done())
                    .add(figure.stale())
                    .add(figure.behind().count() == 0 ? null : figure.behind().mean())
                    .add(figure.behind().count() == 0 ? null : figure.behind().percentile(99));
        }
        return sheet;
    }

    /** A plot from the strongest protocol at the top to the weakest. */
    public static LineChart plot(List<Figure> figures) {
        return new LineChart("frontier", () -> {
            Kind stale = new Kind("a stale read is behind by", LineChart.COLOURS[2], SeriesMarkers.TRIANGLE_UP, -0.24);
            DotPlot plot = new DotPlot(
                            "A strong level costs waiting, a weak one costs staleness",
                            "milliseconds (point: mean; line: median to 99th percentile)",
                            "protocol: the strongest models that held",
                            figures.stream()
                                    .map(figure -> figure.protocol() + ": " + figure.standing())
                                    .toList())
                    .add(
                            new Kind("a write takes", LineChart.COLOURS[0], SeriesMarkers.SQUARE, 0.18),
                            figures,
                            Figure::writes)
                    .add(
                            new Kind("a read takes", LineChart.COLOURS[1], SeriesMarkers.CIRCLE, -0.03),
                            figures,
                            Figure::reads)
                    .add(stale, figures, Figure::behind);
            for (int row = 0; row < figures.size(); row++) {
                Figure figure = figures.get(row);
                if (figure.stale() > 0) {
                    String share = String.format(Locale.ROOT, "%.1f %% of reads", figure.stale() * 100);
                    plot.note(stale, row, figure.behind().percentile(99), share);
                }
            }
            return plot.chart();
        });
    }
}
