package io.orrery.bench.experiment;

import io.orrery.bench.experiment.DotPlot.Kind;
import io.orrery.bench.experiment.Testbed.Ask;
import io.orrery.bench.experiment.Testbed.Sample;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import java.awt.Color;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The table of the consistency lab: the latency of SET and GET at each level. Each client writes at one server and then
 * reads at another in the same session, so its read often reaches a server that still lacks what the session has seen.
 */
public final class LatencyExperiment {
    /** The four levels of the lab, followed by the other protocols. */
    public static final List<ProtocolType> PROTOCOLS = protocols();

    private static final int KEYS = 10;

    /** The lab's results: the mean of 100 requests to 10 servers, in milliseconds. */
    private record OfLab(double set, double get) {
        private static final Map<String, OfLab> BY_PROTOCOL = Map.of(
                "primary-linearizable", new OfLab(278.77, 158.36),
                "primary-sequential", new OfLab(288.72, 62.62),
                "primary-eventual", new OfLab(63.96, 63.42),
                "primary-causal", new OfLab(234.40, 66.01));
    }

    /**
     * @param servers the number of replicas
     * @param clients the number of concurrent clients
     * @param requests the number of SETs, and of GETs, by all clients together
     */
    public record Options(int servers, int clients, int requests, Delay delay, Duration clientDelay, long seed) {
        /** @throws IllegalArgumentException if a number is too small */
        public Options {
            if (servers < 2) {
                throw new IllegalArgumentException("--servers is 2 or more, not " + servers);
            }
            if (clients < 1 || requests < 1) {
                throw new IllegalArgumentException(
                        "--clients and --requests are 1 or more, not " + clients + " and " + requests);
            }
        }
    }

    /** @param waited the share of GETs that had to wait at the replica */
    public record Figure(ProtocolType protocol, Latencies set, Latencies get, double waited) {}

    private final Options options;

    public LatencyExperiment(Options options) {
        this.options = options;
    }

    private static List<ProtocolType> protocols() {
        List<ProtocolType> lab = Stream.of(
                        "primary-linearizable", "primary-sequential", "primary-causal", "primary-eventual")
                .map(Protocols::named)
                .toList();
        return Stream.concat(lab.stream(), Protocols.all().stream().filter(other -> !lab.contains(other)))
                .toList();
    }

    public Figure measure(ProtocolType protocol, Testbed.Factory testbeds) {
        int quorum = Math.min(3, options.servers() - 1);
        TestbedSpec testbedSpec = new TestbedSpec(
                protocol, options.servers(), quorum, options.delay(), options.clientDelay(), options.seed());
        try (Testbed testbed = testbeds.start(testbedSpec)) {
            List<Sample> samples = testbed.run(scripts(testbedSpec.ids()));
            Latencies set = Latencies.of(samples, sample -> !isGet(sample));
            Latencies get = Latencies.of(samples, LatencyExperiment::isGet);
            long atOnce = 2 * options.clientDelay().toNanos() + testbed.toleranceNanos();
            Latencies waiting = Latencies.of(samples, sample -> isGet(sample) && sample.nanos() > atOnce);
            return new Figure(protocol, set, get, (double) waiting.count() / get.count());
        }
    }

    private static boolean isGet(Sample sample) {
        return sample.ask().operation() instanceof Operation.Read;
    }

    private List<List<Ask>> scripts(List<NodeId> servers) {
        SeededRandom random = SeededRandom.stream(options.seed(), "workload");
        List<List<Ask>> scripts = Stream.<List<Ask>>generate(ArrayList::new)
                .limit(options.clients())
                .toList();
        for (int request = 0; request < options.requests(); request++) {
            int here = random.nextInt(servers.size());
            int elsewhere = (here + 1 + random.nextInt(servers.size() - 1)) % servers.size();
            Key key = Key.of("x" + random.nextInt(KEYS));
            List<Ask> script = scripts.get(request % scripts.size());
            script.add(new Ask(servers.get(here), new Operation.Write(key, Value.of(request))));
            script.add(new Ask(servers.get(elsewhere), new Operation.Read(key)));
        }
        return scripts;
    }

    /** The results beside those of the lab. */
    public static Sheet sheet(List<Figure> figures) {
        Sheet sheet = new Sheet()
                .text("protocol", "protocol")
                .millis("labSetMeanMillis", "lab's SET")
                .latencies("set", "SET")
                .millis("labGetMeanMillis", "lab's GET")
                .latencies("get", "GET")
                .share("getWaited", "GETs that waited");
        for (Figure figure : figures) {
            OfLab lab = OfLab.BY_PROTOCOL.get(figure.protocol().name());
            sheet.row()
                    .add(figure.protocol().name())
                    .add(lab == null ? null : lab.set())
                    .latencies(figure.set())
                    .add(lab == null ? null : lab.get())
                    .latencies(figure.get())
                    .add(figure.waited());
        }
        return sheet;
    }

    /** A plot with means as points, and lines from the median to the 99th percentile. */
    public static LineChart plot(List<Figure> figures) {
        return new LineChart("latency", () -> {
            double[] labSet = new double[figures.size()];
            double[] labGet = new double[figures.size()];
            for (int i = 0; i < labSet.length; i++) {
                OfLab lab = OfLab.BY_PROTOCOL.get(figures.get(i).protocol().name());
                labSet[i] = lab == null ? Double.NaN : lab.set();
                labGet[i] = lab == null ? Double.NaN : lab.get();
            }
            return new DotPlot(
                            "The stronger the level, the longer a SET takes; a GET waits only where it must",
                            "milliseconds from request to answer (point: mean; line: median to 99th percentile)",
                            "protocol",
                            figures.stream()
                                    .map(figure -> figure.protocol().name())
                                    .toList())
                    .add(new Kind("SET", LineChart.COLOURS[0], SeriesMarkers.SQUARE, 0.16), figures, Figure::set)
                    .add(new Kind("GET", LineChart.COLOURS[1], SeriesMarkers.CIRCLE, -0.16), figures, Figure::get)
                    .add(new Kind("SET, the lab's mean", Color.DARK_GRAY, SeriesMarkers.PLUS, 0.16), labSet)
                    .add(new Kind("GET, the lab's mean", Color.DARK_GRAY, SeriesMarkers.CROSS, -0.16), labGet)
                    .chart();
        });
    }
}
