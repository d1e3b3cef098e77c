package io.orrery.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.explore.sweep.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The result of a sweep, for people and for programs. */
public final class SweepReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SweepResult result;
    private final Function<Finding, String> replay;
    private final Map<Finding, Small> small;

    /**
     * What a finding has become.
     *
     * @param size how small, in words
     * @param scenario the text of its file
     * @param command plays that file
     */
    public record Small(String size, String scenario, String command) {}

    /**
     * @param replay the command that shows a finding again
     * @param small those findings that were made small
     */
    public SweepReport(SweepResult result, Function<Finding, String> replay, Map<Finding, Small> small) {
        this.result = result;
        this.replay = replay;
        this.small = small;
    }

    /** What was played: {@code lamport-load: seeds 1 to 1000}. The same for any number of threads. */
    public String title() {
        SweepPlan plan = result.plan();
        return plan.scenarios().get(0).title() + ": " + seeds() + ", scheduler " + plan.strategy();
    }

    private String seeds() {
        SweepPlan plan = result.plan();
        OptionalLong last = lastSeed();
        return last.isEmpty()
                ? "no seed was played"
                : unit()
                        + (last.getAsLong() == plan.firstSeed() ? " " : "s " + plan.firstSeed() + " to ")
                        + last.getAsLong();
    }

    /** What a number of a world is: of a guided sweep several worlds may have one seed. */
    private String unit() {
        return result.plan().isGuided() ? "world" : "seed";
    }

    /** The last seed that was played under some scenario. */
    private OptionalLong lastSeed() {
        int scenarios = result.plan().scenarios().size();
        return result.worlds() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(result.plan().firstSeed() + (result.worlds() - 1) / scenarios);
    }

    /** What held how often. Invariants that held in all worlds share a row. */
    public Table table() {
        Table table = new Table()
                .column("protocol")
                .text("what")
                .column("expected")
                .number("held")
                .number("violated")
                .number("undecided")
                .number("first violated");
        for (Tally tally : result.tallies()) {
            List<Tally.Row> kept = tally.rows().stream()
                    .filter(row -> row.kind().sort() == Kind.Sort.INVARIANT && row.violated() == 0)
                    .toList();
            for (Tally.Row row : tally.rows()) {
                if (!kept.contains(row)) {
                    add(table, tally, row, row.kind().toString());
                } else if (row == kept.get(0)) {
                    add(table, tally, row, kept.size() == 1 ? row.kind().toString() : kept.size() + " invariants");
                }
            }
        }
        return table;
    }

    private void add(Table table, Tally tally, Tally.Row row, String what) {
        table.row(
                tally.scenario().protocol(),
                what,
                row.isExpectedToHold() ? "holds" : "violated",
                row.held(),
                row.violated(),
                row.undecided(),
                row.firstViolated().isEmpty()
                        ? ""
                        : unit() + " " + row.firstViolated().getAsLong());
    }

    /** What is said below the table: faults that never fired first, then each finding and how to see it again. */
    public List<String> notes() {
        List<String> lines = new ArrayList<>();
        for (Tally tally : result.tallies()) {
            String where = result.tallies().size() == 1 ? "" : tally.scenario().protocol() + ": ";
            List<Tally.Faults> never = tally.neverFired();
            if (!never.isEmpty() && tally.worlds() > 0) {
                lines.add(where + "NEVER FIRED in " + tally.worlds() + " worlds: "
                        + never.stream()
                                .map(it -> it.kind() + " (" + (it.planned() == 0 ? "not even" : it.planned() + " times")
                                        + " planned)")
                                .collect(Collectors.joining(", "))
                        + ". These faults were asked for, and nothing is known of what they would have done.");
            }
            String fired = tally.faults().stream()
                    .filter(it -> it.fired() > 0)
                    .map(it -> it.kind() + " " + it.fired() + " of " + it.planned())
                    .collect(Collectors.joining(", "));
            if (!fired.isEmpty()) {
                lines.add(where + "random faults that fired: " + fired);
            }
            for (Finding finding : tally.findings()) {
                lines.add(where + finding.kind() + ", first " + (result.plan().isGuided() ? "of" : "with") + " seed "
                        + finding.seed() + ": " + finding.sentence());
                lines.add("  " + replay.apply(finding));
                if (small.containsKey(finding)) {
                    lines.addAll(told(small.get(finding)));
                }
            }
        }
        return lines;
    }

    private static List<String> told(Small small) {
        List<String> lines = new ArrayList<>();
        lines.add("  made small, " + small.size() + ":");
        lines.add("");
        small.scenario()
                .lines()
                .map(line -> line.isEmpty() ? "" : "    " + line)
                .forEach(lines::add);
        lines.add("");
        lines.add("  " + small.command());
        return lines;
    }

    /** What the worlds covered, for each scenario in its order; empty where nobody asked. */
    public List<CoverageReport> coverage() {
        return result.tallies().stream()
                .flatMap(tally -> tally.coverage().stream())
                .map(coverage -> new CoverageReport(coverage, result.plan().isGuided()))
                .toList();
    }

    /** How fast it was, which differs from run to run. */
    public String rate() {
        double seconds = Math.max(result.took().toNanos(), 1) / 1e9;
        String why = switch (result.end()) {
            case SEEDS -> "";
            case TIME -> "; its time was over";
            case VIOLATION -> "; it ended with the first violation";
            case INTERRUPTED -> "; it was interrupted";
        };
        return result.worlds() + " worlds in " + DurationText.rounded(result.took())
                + String.format(Locale.ROOT, ", %.0f a second", result.worlds() / seconds) + " on "
                + result.plan().threads() + (result.plan().threads() == 1 ? " thread" : " threads") + why;
    }

    /** A line for each row of the table, of invariants too. */
    public Csv csv() {
        Csv csv = new Csv(List.of(
                "protocol", "sort", "name", "expected", "worlds", "held", "violated", "undecided", "firstViolated"));
        for (Tally tally : result.tallies()) {
            for (Tally.Row row : tally.rows()) {
                csv.row(
                        tally.scenario().protocol(),
                        row.kind().sort(),
                        row.kind().name(),
                        row.isExpectedToHold() ? "holds" : "violated",
                        tally.worlds(),
                        row.held(),
                        row.violated(),
                        row.undecided(),
                        row.firstViolated().isEmpty()
                                ? null
                                : row.firstViolated().getAsLong());
            }
        }
        return csv;
    }

    /** All of it. What differs from run to run is in {@code speed}. */
    public ObjectNode json() {
        SweepPlan plan = result.plan();
        ObjectNode node = MAPPER.createObjectNode()
                .put("scenario", plan.scenarios().get(0).name())
                .put("title", plan.scenarios().get(0).title())
                .put("file", plan.scenarios().get(0).file())
                .put("scheduler", plan.strategy().toString())
                .put("firstSeed", plan.firstSeed());
        lastSeed().ifPresentOrElse(last -> node.put("lastSeed", last), () -> node.putNull("lastSeed"));
        node.put("worlds", result.worlds())
                .put("end", result.end().toString())
                .put("result", result.isViolated() ? "violated" : result.holds() ? "holds" : "undecided");
        ArrayNode protocols = node.putArray("protocols");
        result.tallies().forEach(tally -> protocols.add(json(tally)));
        double seconds = result.took().toNanos() / 1e9;
        node.putObject("speed")
                .put("threads", plan.threads())
                .put("seconds", seconds)
                .put("worldsPerSecond", result.worlds() / Math.max(seconds, 1e-9));
        return node;
    }

    private ObjectNode json(Tally tally) {
        ObjectNode node = MAPPER.createObjectNode()
                .put("protocol", tally.scenario().protocol().name())
                .put("worlds", tally.worlds());
        ArrayNode rows = node.putArray("rows");
        for (Tally.Row row : tally.rows()) {
            ObjectNode it = rows.addObject()
                    .put("sort", row.kind().sort().toString())
                    .put("name", row.kind().name())
                    .put("expected", row.isExpectedToHold() ? "holds" : "violated")
                    .put("held", row.held())
                    .put("violated", row.violated())
                    .put("undecided", row.undecided());
            row.firstViolated().ifPresent(seed -> it.put("firstViolated", seed));
        }
        ArrayNode faults = node.putArray("faults");
        tally.faults()
                .forEach(it -> faults.addObject()
                        .put("kind", it.kind().toString())
                        .put("planned", it.planned())
                        .put("fired", it.fired()));
        tally.coverage()
                .ifPresent(coverage -> node.set(
                        "coverage", new CoverageReport(coverage, result.plan().isGuided()).json()));
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : tally.findings()) {
            ObjectNode it = findings.addObject()
                    .put("sort", finding.kind().sort().toString())
                    .put("name", finding.kind().name())
                    .put("seed", finding.seed())
                    .put("sentence", finding.sentence())
                    .put("command", replay.apply(finding));
            if (small.containsKey(finding)) {
                it.putObject("small")
                        .put("size", small.get(finding).size())
                        .put("scenario", small.get(finding).scenario())
                        .put("command", small.get(finding).command());
            }
        }
        return node;
    }
}
