package io.orrery.cli;

import io.orrery.bench.experiment.LatencyExperiment;
import io.orrery.bench.experiment.LatencyExperiment.Figure;
import io.orrery.bench.experiment.Testbed;
import io.orrery.model.Durations;
import io.orrery.network.Delay;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the table of the consistency lab. */
@Command(
        name = "latency",
        description = {
            "How long a SET and a GET take with each protocol: the table of the consistency lab.",
            "Clients write at one server and then read at another, in one session."
        })
final class BenchLatencyCommand implements Callable<Integer> {
    @Option(names = "--servers", paramLabel = "N", description = "How many servers (default: 10).")
    private int servers = 10;

    @Option(names = "--clients", paramLabel = "N", description = "How many clients, side by side (default: 10).")
    private int clients = 10;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "How many SETs, and how many GETs, all clients together make (default: 100).")
    private int requests = 100;

    @Option(
            names = "--delay",
            paramLabel = "D",
            description = "How long a message takes from server to server: " + Delay.Syntax.FORMS
                    + " (default: exponential(40ms)).")
    private String delay = "exponential(40ms)";

    @Option(
            names = "--client-delay",
            paramLabel = "D",
            description = "How long a request takes to a server, and the answer back (default: 31.5ms).")
    private String clientDelay = "31.5ms";

    @Option(
            names = "--real",
            description = "Over HTTP, with the servers in a separate process, instead of in virtual time.")
    private boolean real;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        LatencyExperiment experiment = new LatencyExperiment(new LatencyExperiment.Options(
                servers, clients, requests, Delay.parse(delay), Durations.parse(clientDelay), common.seed()));
        List<Figure> figures = new ArrayList<>();
        try (RunProgress runProgress = common.progress(LatencyExperiment.PROTOCOLS.size())) {
            for (ProtocolType protocol : LatencyExperiment.PROTOCOLS) {
                figures.add(experiment.measure(protocol, real ? Testbed.Factory.SERVED : Testbed.Factory.SIMULATED));
                runProgress.step(protocol.name());
            }
        }
        return common.publish(
                "SET and GET, in milliseconds: " + requests + " of each, " + servers + " servers, "
                        + (real ? "over HTTP on this machine" : "in virtual time"),
                List.of(
                        "A message takes " + delay + " from server to server; a request takes " + clientDelay
                                + " to a server, and its answer as long.",
                        "A GET waited if it took longer than the way there and back"
                                + (real ? " by more than 20 ms." : "."),
                        "The columns lab's SET and lab's GET are what the course lab measured on its own program: means"
                                + " of 100 requests, 10 servers."),
                List.of(LatencyExperiment.sheet(figures)),
                LatencyExperiment.plot(figures));
    }
}
