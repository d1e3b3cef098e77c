package io.orrery.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.explore.coverage.Condition;
import io.orrery.explore.coverage.Coverage;
import io.orrery.explore.coverage.Curve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the worlds of a sweep covered, for people and for programs. */
public final class CoverageReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** From so many new things on that the next world is expected to show there is more to find by going on. */
    private static final double MANY = 0.05;

    /** Of so many further worlds it is said what they would show. */
    private static final int FURTHER = 1_000;

    private static final int RAREST = 3;
    private static final int POINTS = 6;

    private final Coverage coverage;
    private final boolean isGuided;

    /** @param isGuided whether earlier worlds decided which further ones were played */
    public CoverageReport(Coverage coverage, boolean isGuided) {
        this.coverage = coverage;
        this.isGuided = isGuided;
    }

    /** In how many worlds each input reached a replica in each condition. Conditions in which none was are left out. */
    public Table table() {
        List<Condition> shown = Arrays.stream(Condition.values())
                .filter(condition -> worlds(condition) > 0)
                .toList();
        Table table = new Table().column("what came");
        shown.forEach(condition -> table.number(condition.toString()));
        coverage.inputs().forEach((input, counts) -> {
            List<Object> row = new ArrayList<>(List.of(input));
            shown.forEach(condition -> {
                long count = counts[condition.ordinal()];
                row.add(count == 0 ? "-" : count);
            });
            table.row(row.toArray());
        });
        return table;
    }

    private long worlds(Condition condition) {
        return coverage.inputs().values().stream()
                .mapToLong(counts -> counts[condition.ordinal()])
                .sum();
    }

    /** What is said below the table. */
    public List<String> notes() {
        List<String> lines = new ArrayList<>();
        String never = Arrays.stream(Condition.values())
                .filter(condition -> worlds(condition) == 0)
                .map(Condition::toString)
                .collect(Collectors.joining(", "));
        if (!never.isEmpty()) {
            lines.add("in no world did anything reach a replica that was: " + never);
        }
        lines.add(coverage.pairs() + " pairs of an input and a condition, " + coverage.pairsOnce()
                + " in one world alone; " + coverage.branches().size() + " branches, " + coverage.branchesOnce()
                + " in one world alone");
        coverage.branches().entrySet().stream()
                .filter(entry -> entry.getValue() == 1)
                .limit(RAREST)
                .forEach(entry -> lines.add("  once: " + entry.getKey()));
        lines.add((coverage.shapes().isExact() ? "" : "about ")
                + coverage.shapes().seen() + " orders of messages, "
                + coverage.shapes().once() + " in one world alone; after so many worlds so many orders: "
                + some(coverage.curve().points()).stream()
                        .map(point -> point.worlds() + ": " + point.seen())
                        .collect(Collectors.joining(", ")));
        lines.add(sentence());
        return lines;
    }

    private static List<Curve.Point> some(List<Curve.Point> points) {
        int every = Math.max(1, (points.size() + POINTS - 1) / POINTS);
        List<Curve.Point> some = new ArrayList<>();
        for (int i = points.size() - 1; i >= 0; i -= every) {
            some.add(0, points.get(i));
        }
        return some;
    }

    /** Whether further worlds would show something new, in one sentence. */
    public String sentence() {
        if (coverage.worlds() == 0) {
            return "nothing is known: no world was played to its end";
        }
        String estimate =
                "of " + FURTHER + " further worlds " + about(coverage.shapes().chanceOfNew())
                        + " would show a new order of messages, and together they would show " + about(expectedNew())
                        + " new pairs or branches";
        return switch (ground()) {
                    case "new" -> "new territory: ";
                    case "orders" -> "known steps in new orders: ";
                    default -> "the same ground: ";
                }
                + estimate
                + (isGuided ? ", if they were no more alike than these" : "");
    }

    private double expectedNew() {
        return coverage.expectedNew(coverage.pairsOnce() + coverage.branchesOnce());
    }

    private String ground() {
        return expectedNew() >= MANY ? "new" : coverage.shapes().chanceOfNew() >= MANY ? "orders" : "same";
    }

    private static String about(double each) {
        double all = each * FURTHER;
        return all == 0 ? "hardly any" : String.format(Locale.ROOT, "about %.0f", Math.max(1, all));
    }

    /** All of it. */
    public ObjectNode json() {
        ObjectNode node = MAPPER.createObjectNode().put("worlds", coverage.worlds());
        ArrayNode inputs = node.putArray("inputs");
        coverage.inputs().forEach((input, counts) -> {
            ObjectNode conditions = inputs.addObject().put("input", input).putObject("worlds");
            for (Condition condition : Condition.values()) {
                conditions.put(condition.toString(), counts[condition.ordinal()]);
            }
        });
        ArrayNode branches = node.putArray("branches");
        for (Map.Entry<String, Long> branch : coverage.branches().entrySet()) {
            branches.addObject().put("branch", branch.getKey()).put("worlds", branch.getValue());
        }
        node.putObject("orders")
                .put("seen", coverage.shapes().seen())
                .put("once", coverage.shapes().once())
                .put("isExact", coverage.shapes().isExact())
                .put("chanceOfNew", coverage.shapes().chanceOfNew());
        ArrayNode curve = node.putArray("curve");
        coverage.curve()
                .points()
                .forEach(
                        point -> curve.addObject().put("worlds", point.worlds()).put("orders", point.seen()));
        if (coverage.worlds() > 0) {
            node.put("expectedNew", expectedNew());
            node.put("ground", ground());
        }
        return node.put("sentence", sentence());
    }
}
