package io.orrery.bench.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.check.Model;
import io.orrery.network.Delay;
import io.orrery.protocol.Protocols;
import io.orrery.scenario.ScenarioLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

/** The figures of the experiments are in the order that theory demands, and the same seed gives the same ones. */
class ExperimentsTest {
    @TempDir
    private Path directory;

    private static List<LatencyExperiment.Figure> latencies() {
        LatencyExperiment experiment = new LatencyExperiment(new LatencyExperiment.Options(
                10, 10, 100, Delay.parse("exponential(40ms)"), Duration.ofNanos(31_500_000), 1));
        return LatencyExperiment.PROTOCOLS.stream()
                .map(protocol -> experiment.measure(protocol, Testbed.Factory.SIMULATED))
                .toList();
    }

    @Test
    void theStrongerTheLevelTheLongerItTakes() {
        Map<String, LatencyExperiment.Figure> figures = latencies().stream()
                .collect(Collectors.toMap(figure -> figure.protocol().name(), Function.identity()));
        LatencyExperiment.Figure linearizable = figures.get("primary-linearizable");
        LatencyExperiment.Figure sequential = figures.get("primary-sequential");
        LatencyExperiment.Figure causal = figures.get("primary-causal");
        LatencyExperiment.Figure eventual = figures.get("primary-eventual");
        assertEquals(100, causal.set().count());
        assertEquals(100, causal.get().count());
        // Both wait for all; what differs is chance.
        assertEquals(1, linearizable.set().mean() / sequential.set().mean(), 0.2);
        assertTrue(sequential.set().mean() > 1.2 * causal.set().mean());
        assertTrue(causal.set().mean() > 1.2 * eventual.set().mean());
        assertEquals(63, eventual.set().mean(), 0.01);
        assertTrue(linearizable.get().mean() > 1.2 * causal.get().mean());
        assertTrue(causal.get().mean() > eventual.get().mean());
        assertEquals(63, eventual.get().mean(), 0.01);
        assertTrue(causal.waited() > 0 && causal.waited() < 0.5, "waited: " + causal.waited());
        assertEquals(0, eventual.waited());
        assertTrue(linearizable.waited() > 0.5);
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        assertEquals(
                LatencyExperiment.sheet(latencies()).csv(),
                LatencyExperiment.sheet(latencies()).csv());
    }

    private static List<QuorumExperiment.Figure> quorums(Testbed.Factory testbeds, String delay, int... quorums) {
        QuorumExperiment experiment =
                new QuorumExperiment(new QuorumExperiment.Options(5, 20, 100, 10, Delay.parse(delay), 1));
        return IntStream.of(quorums)
                .mapToObj(quorum -> experiment.measure(quorum, testbeds))
                .toList();
    }

    @Test
    void aLargerQuorumTakesLongerAndFindsMoreFollowersUpToDate() {
        List<QuorumExperiment.Figure> figures = quorums(Testbed.Factory.SIMULATED, "100us..1ms", 1, 2, 3, 4, 5);
        for (int i = 0; i < figures.size(); i++) {
            QuorumExperiment.Figure figure = figures.get(i);
            assertEquals(100, figure.writes().count());
            assertTrue(figure.holders().getAsDouble() >= figure.quorum());
            assertTrue(figure.agreedAfter().isPresent());
            if (i > 0) {
                QuorumExperiment.Figure smaller = figures.get(i - 1);
                assertTrue(figure.writes().mean() > smaller.writes().mean());
                assertTrue(figure.holders().getAsDouble() >= smaller.holders().getAsDouble());
            }
        }
        // An update and its acknowledgement take between 0.2 and 2 ms.
        assertTrue(figures.get(0).writes().percentile(0) >= 0.2);
        assertTrue(figures.get(4).writes().max() <= 2.001);
    }

    @Test
    void aServerIsMeasuredOverHttp() {
        QuorumExperiment.Figure figure =
                quorums(Testbed.Factory.SERVED, "20ms", 5).get(0);
        assertEquals(100, figure.writes().count());
        // There and back; the machine may add as much as it likes.
        assertTrue(
                figure.writes().percentile(0) >= 39,
                "fastest: " + figure.writes().percentile(0));
        assertTrue(figure.agreedAfter().isPresent());
    }

    private static List<Comparison.Figure> frontier(int seeds) throws InterruptedException {
        return new Comparison(
                        ScenarioLoader.load(Path.of("scenarios/frontier.conf")),
                        Optional.empty(),
                        Protocols.all(),
                        1,
                        seeds)
                .run(protocol -> {});
    }

    @Test
    void whatAProtocolPromisesHoldsAndCostsWhatItMust() throws InterruptedException {
        List<Comparison.Figure> figures = frontier(20);
        assertEquals(Protocols.all().size(), figures.size());
        Map<String, Comparison.Figure> byName = new TreeMap<>();
        figures.forEach(figure -> byName.put(figure.protocol().name(), figure));
        Comparison.Figure linearizable = byName.get("primary-linearizable");
        Comparison.Figure sequential = byName.get("primary-sequential");
        Comparison.Figure causal = byName.get("vector-causal");
        Comparison.Figure eventual = byName.get("primary-eventual");
        assertEquals(List.of(Model.LINEARIZABLE), linearizable.standing().strongest());
        assertEquals(List.of(Model.SEQUENTIAL), sequential.standing().strongest());
        assertEquals("linearizable (seed 13)", sequential.standing().firstLost());
        assertTrue(causal.standing().strongest().contains(Model.CAUSAL_CCV));
        // It promises no more than to converge; what a write followed is missed in rarer worlds than these.
        assertEquals(List.of(Model.WRITES_FOLLOW_READS), eventual.standing().strongest());
        figures.forEach(figure -> assertEquals(
                figure.protocol().converges(), figure.standing().hasConverged(), figure.protocol() + " converges"));
        assertEquals(0, linearizable.stale());
        assertTrue(causal.stale() > 0 && eventual.stale() > causal.stale());
        assertTrue(linearizable.reads().mean() > sequential.reads().mean());
        assertTrue(sequential.writes().mean() > causal.writes().mean());
        assertTrue(eventual.answered() > 0.9 && eventual.answered() <= 1);
        assertEquals(
                ComparisonReport.whole(figures).csv(),
                ComparisonReport.whole(frontier(20)).csv());
    }

    @Test
    void findingsAreWrittenInEveryForm() throws Exception {
        List<QuorumExperiment.Figure> figures = quorums(Testbed.Factory.SIMULATED, "100us..1ms", 1, 2, 3);
        List<LineChart> plots = List.of(QuorumExperiment.plot(figures), LatencyExperiment.plot(latencies()));
        Provenance provenance = new Provenance("./run.sh bench quorum", OptionalLong.of(1));
        List<Sheet> sheets = List.of(QuorumExperiment.sheet(figures));
        new Measurements("Writes", List.of("a note"), sheets, plots, provenance).write(directory, Integer.MAX_VALUE);
        JsonNode json =
                new ObjectMapper().readTree(directory.resolve("figures.json").toFile());
        assertEquals("./run.sh bench quorum", json.get("command").asText());
        assertEquals(1, json.get("seed").asInt());
        assertTrue(json.get("machine").get("cores").asInt() > 0);
        assertFalse(json.get("machine").get("processor").asText().isBlank());
        assertTrue(json.get("machine").get("memoryBytes").asLong() > 1 << 20);
        assertEquals(3, json.get("figures").size());
        List<String> csv = Files.readAllLines(directory.resolve("figures.csv"));
        assertEquals(4, csv.size());
        List<String> head = List.of(csv.get(0).split(","));
        double mean = Double.parseDouble(csv.get(1).split(",")[head.indexOf("writeMeanMillis")]);
        assertEquals(json.get("figures").get(0).get("writeMeanMillis").asDouble(), mean);
        assertTrue(Files.readString(directory.resolve("table.txt")).contains("machine"));
        for (LineChart lineChart : plots) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            DocumentBuilder parser = factory.newDocumentBuilder();
            Path svg = directory.resolve(lineChart.name() + ".svg");
            assertEquals("svg", parser.parse(svg.toFile()).getDocumentElement().getTagName());
            assertTrue(ImageIO.read(directory.resolve(lineChart.name() + ".png").toFile())
                            .getWidth()
                    > 500);
        }
    }

    @Test
    void bothAxesOfAPlotSayWhatTheyShow() throws InterruptedException {
        assertAxes("milliseconds from request to answer", "protocol", LatencyExperiment.plot(latencies()));
        assertAxes(
                "milliseconds",
                "protocol: the strongest models that held",
                ComparisonReport.plot("frontier", frontier(1)));
        List<QuorumExperiment.Figure> figures = quorums(Testbed.Factory.SIMULATED, "100us..1ms", 1, 2);
        assertAxes("write quorum (followers)", "milliseconds from request to answer", QuorumExperiment.plot(figures));
    }

    private static void assertAxes(String x, String y, LineChart lineChart) {
        XYChart chart = lineChart.chart().get();
        assertTrue(chart.getXAxisTitle().startsWith(x), chart.getXAxisTitle());
        assertEquals(y, chart.getYAxisTitle());
        assertTrue(
                chart.getStyler().isXAxisTitleVisible() && chart.getStyler().isYAxisTitleVisible(), lineChart.name());
    }

    @Test
    void aMeasurementWithoutChanceHasNoSeedAndSeveralSheets() throws Exception {
        Sheet starts = new Sheet("starts").seconds("medianSeconds", "ready after");
        starts.row().add(1.9);
        Sheet writes = new Sheet("writes").count("perSecond", "writes/s").flag("met", "met");
        writes.row().add(5310.6).add(true);
        Provenance provenance = new Provenance("./run.sh bench cluster", OptionalLong.empty());
        Measurements measurements =
                new Measurements("Nodes", List.of(), List.of(starts, writes), List.of(), provenance);
        measurements.write(directory, Integer.MAX_VALUE);
        JsonNode json =
                new ObjectMapper().readTree(directory.resolve("figures.json").toFile());
        assertFalse(json.has("seed"));
        assertEquals(1.9, json.get("starts").get(0).get("medianSeconds").asDouble());
        assertTrue(json.get("writes").get(0).get("met").isBoolean());
        assertEquals("perSecond,met\r\n5310.6,true\r\n", Files.readString(directory.resolve("writes.csv")));
        String text = measurements.text();
        assertTrue(text.contains("ready after\n     1.90 s\n"), text);
        assertTrue(text.contains("writes/s  met\n   5,311  yes\n"), text);
    }

    @Test
    void whatWasNotMeasuredIsLeftOut() {
        Sheet sheet = new Sheet().latencies("get", "GET").mean("next", "next");
        sheet.row().latencies(new Latencies()).add(1.0);
        assertEquals("{\"next\":1.0}", sheet.json().get(0).toString());
        assertTrue(sheet.csv().endsWith("\r\n,,,,,1.0\r\n"), sheet.csv());
    }

    @Test
    void cellsWithCommasAndQuotesAreQuoted() {
        Sheet sheet = new Sheet().text("held", "held").share("stale", "stale");
        sheet.row().add("causal-ccv, \"causal-cm\"").add(0.25);
        sheet.row().add(null).add(null);
        assertEquals("held,stale\r\n\"causal-ccv, \"\"causal-cm\"\"\",0.25\r\n,\r\n", sheet.csv());
        assertEquals(0.25, sheet.json().get(0).get("stale").asDouble());
        assertTrue(sheet.json().get(1).isEmpty());
    }
}
