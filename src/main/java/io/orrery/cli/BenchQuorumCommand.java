package io.orrery.cli;

import io.orrery.bench.experiment.QuorumExperiment;
import io.orrery.bench.experiment.QuorumExperiment.Figure;
import io.orrery.bench.experiment.Testbed;
import io.orrery.network.Delay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the performance analysis of the write-quorum lab. */
@Command(
        name = "quorum",
        description = {
            "How long writes take with each write quorum, and when all replicas agree: the write-quorum lab's analysis.",
            "Each client writes as soon as its last write has returned."
        })
final class BenchQuorumCommand implements Callable<Integer> {
    /** The lab's delays, for virtual time. A live server needs longer delays, which exceed its other latencies. */
    private static final String DELAY = "100us..1ms";

    private static final String REAL_DELAY = "10ms..100ms";

    @Option(names = "--followers", paramLabel = "N", description = "How many followers (default: 5).")
    private int followers = 5;

    @Option(names = "--clients", paramLabel = "N", description = "How many clients, side by side (default: 20).")
    private int clients = 20;

    @Option(names = "--writes", paramLabel = "N", description = "How many writes for each quorum (default: 100).")
    private int writes = 100;

    @Option(names = "--keys", paramLabel = "N", description = "How many keys are written (default: 10).")
    private int keys = 10;

    @Option(
            names = "--delay",
            paramLabel = "D",
            description = "How long a message takes between leader and follower: " + Delay.Syntax.FORMS + " (default: "
                    + DELAY + ", the lab's; with --real " + REAL_DELAY + ").")
    private String delay;

    @Option(
            names = "--real",
            description = "Over HTTP, with the replicas in a separate process, instead of in virtual time.")
    private boolean real;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        String links = delay != null ? delay : real ? REAL_DELAY : DELAY;
        QuorumExperiment experiment = new QuorumExperiment(
                new QuorumExperiment.Options(followers, clients, writes, keys, Delay.parse(links), common.seed()));
        List<Figure> figures = new ArrayList<>();
        try (RunProgress runProgress = common.progress(followers)) {
            for (int quorum = 1; quorum <= followers; quorum++) {
                figures.add(experiment.measure(quorum, real ? Testbed.Factory.SERVED : Testbed.Factory.SIMULATED));
                runProgress.step("write quorum " + quorum);
            }
        }
        return common.publish(
                "Writes by write quorum, in milliseconds: " + writes + " on " + keys + " keys by " + clients
                        + " clients, a leader and " + followers + " followers, "
                        + (real ? "over HTTP on this machine" : "in virtual time"),
                List.of(
                        "A message takes " + links + " between leader and follower.",
                        "All agree after: from the last answer until all replicas hold the same; empty if that takes more than a"
                                + " minute."),
                List.of(QuorumExperiment.sheet(figures)),
                QuorumExperiment.plot(figures));
    }
}
