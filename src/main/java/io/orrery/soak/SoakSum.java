package io.orrery.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.report.DurationText;
import io.orrery.report.Table;
import io.orrery.report.VerdictText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The sums of several soaks, by protocol. */
public final class SoakSum {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, Part> parts = new TreeMap<>();

    /** The sums of one protocol. */
    private static final class Part {
        private int runs;
        private double seconds;
        private long rounds;
        private long operations;
        private long acknowledged;
        private long unknown;
        private long lost;
        private long invented;
        private long problems;
        private int holding;
        private int violated;
        /** The worst verdict of all runs. */
        private String promises = "hold";

        private int unequal;
        private int dead;
        private final Map<FaultKind, Heals> heals = new EnumMap<>(FaultKind.class);
    }

    /** The recovery times after one kind of fault, in milliseconds. */
    private record Heals(List<Double> writes, List<Double> everywhere) {
        Heals() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private SoakSum() {}

    /**
     * Reads the output of {@code soak --json} or the files of {@code soak --out}.
     *
     * @throws IllegalArgumentException if a file is neither
     */
    public static SoakSum ofFiles(List<Path> files) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        for (Path file : files) {
            results.add(read(file));
        }
        return of(results);
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
            if (SoakReport.isResult(json)) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // reported below
        }
        throw new IllegalArgumentException(
                file
                        + ": this is not the result of a soak, as soak --json prints it and soak --out keeps it in result.json");
    }

    static SoakSum of(List<? extends JsonNode> results) {
        SoakSum sum = new SoakSum();
        results.forEach(sum::add);
        return sum;
    }

    private void add(JsonNode json) {
        Part part = parts.computeIfAbsent(json.path("protocol").asText(), name -> new Part());
        part.runs++;
        part.seconds += json.path("seconds").asDouble();
        part.rounds += json.path("rounds").size();
        part.operations += json.path("operations").asLong();
        part.acknowledged += json.path("acknowledgedWrites").asLong();
        part.unknown += json.path("unknown").asLong();
        part.lost += json.path("writesLost").asLong();
        part.invented += json.path("writesInvented").asLong();
        part.problems += json.path("problems").size();
        part.holding += json.path("holds").asBoolean() ? 1 : 0;
        part.violated += json.path("violated").asBoolean() ? 1 : 0;
        for (JsonNode each : json.path("verdicts")) {
            String verdict = each.path("verdict").asText();
            if (!verdict.equals("holds")) {
                part.unequal += each.path("model").asText().equals("converged") ? 1 : 0;
                part.promises = part.promises.equals("violated") ? part.promises : verdict;
            }
        }
        for (JsonNode alive : json.path("alive")) {
            part.dead += alive.asBoolean() ? 0 : 1;
        }
        for (JsonNode round : json.path("rounds")) {
            Heals heals = part.heals.computeIfAbsent(
                    FaultKind.parse(round.path("fault").asText()), kind -> new Heals());
            heals.writes().add(round.path("writesMillis").asDouble());
            heals.everywhere().add(round.path("everywhereMillis").asDouble());
        }
    }

    /** Whether all promises held in each run. */
    public boolean holds() {
        return parts.values().stream().allMatch(part -> part.holding == part.runs);
    }

    /** Whether a promise was violated for certain in some run. */
    public boolean isViolated() {
        return parts.values().stream().anyMatch(part -> part.violated > 0);
    }

    /**
     * Two tables: the requests and their results, and the recovery times by kind of fault.
     *
     * @param width the width to which they are fitted
     */
    public List<String> lines(int width) {
        Table found = new Table()
                .column("protocol")
                .number("runs")
                .number("time")
                .number("rounds")
                .number("operations")
                .number("acknowledged")
                .number("unknown")
                .number("lost")
                .number("invented")
                .column("equal")
                .column("alive")
                .column("promises")
                .number("problems");
        parts.forEach((protocol, part) -> found.row(
                protocol,
                part.runs,
                String.format(Locale.ROOT, "%.1f min", part.seconds / 60),
                count(part.rounds),
                count(part.operations),
                count(part.acknowledged),
                count(part.unknown),
                count(part.lost),
                count(part.invented),
                part.unequal == 0 ? "yes" : "no",
                part.dead == 0 ? "yes" : "no",
                part.promises,
                count(part.problems)));
        List<String> lines = new ArrayList<>(found.lines(width));
        lines.add("");
        lines.addAll(VerdictText.wrapped(
                "from the end of a fault until writes are acknowledged through each replica, and until all show them:",
                width));
        lines.add("");
        lines.addAll(heals().lines(width));
        return lines;
    }

    private Table heals() {
        Table table = new Table()
                .column("protocol")
                .column("fault")
                .number("rounds")
                .number("writes: median")
                .number("p99")
                .number("everywhere: median")
                .number("p99");
        parts.forEach((protocol, part) -> part.heals.forEach((kind, times) -> table.row(
                protocol,
                kind,
                times.writes().size(),
                shown(times.writes(), 50),
                shown(times.writes(), 99),
                shown(times.everywhere(), 50),
                shown(times.everywhere(), 99))));
        return table;
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String shown(List<Double> millis, int percent) {
        return DurationText.rounded(Duration.ofNanos(Math.round(percentile(millis, percent) * 1e6)));
    }

    /** The smallest value that this percentage of the values does not exceed. */
    private static double percentile(List<Double> all, int percent) {
        List<Double> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
    }

    /** The same for programs, by protocol. */
    public ObjectNode json() {
        ObjectNode json = MAPPER.createObjectNode();
        parts.forEach((protocol, part) -> {
            ObjectNode one = json.putObject(protocol)
                    .put("runs", part.runs)
                    .put("seconds", part.seconds)
                    .put("rounds", part.rounds)
                    .put("operations", part.operations)
                    .put("acknowledgedWrites", part.acknowledged)
                    .put("unknown", part.unknown)
                    .put("writesLost", part.lost)
                    .put("writesInvented", part.invented)
                    .put("problems", part.problems)
                    .put("holds", part.holding == part.runs);
            ObjectNode heals = one.putObject("heals");
            part.heals.forEach((kind, times) -> heals.putObject(kind.id())
                    .put("rounds", times.writes().size())
                    .put("writesMedianMillis", percentile(times.writes(), 50))
                    .put("writesP99Millis", percentile(times.writes(), 99))
                    .put("everywhereMedianMillis", percentile(times.everywhere(), 50))
                    .put("everywhereP99Millis", percentile(times.everywhere(), 99)));
        });
        return json;
    }
}
