package io.orrery.report;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The table of runs. The widths of columns are fixed beforehand, so each line can be printed when its run ends. */
public final class RunTable {
    private static final int WIDEST_COUNT = "17/17".length();
    private static final int WIDEST_TIME = "84.0 ms".length();

    private final List<Scenario> scenarios;
    private final boolean simulated;
    private final boolean narrow;

    private RunTable(List<Scenario> scenarios, boolean simulated, boolean narrow) {
        this.scenarios = scenarios;
        this.simulated = simulated;
        this.narrow = narrow;
    }

    /**
     * @param simulated whether runs are simulated; a run in real time has no virtual time
     * @param width the width to fit into; protocols and times are left out if the table is too wide
     */
    public static RunTable of(List<Scenario> scenarios, boolean simulated, int width) {
        RunTable full = new RunTable(scenarios, simulated, false);
        return full.head().length() <= width ? full : new RunTable(scenarios, simulated, true);
    }

    /** Whether protocols and times are left out. */
    public boolean isNarrow() {
        return narrow;
    }

    public String head() {
        return table().lines().get(0);
    }

    public String line(Run run) {
        List<Object> row = new ArrayList<>();
        row.add(run.scenario().name());
        if (!narrow) {
            row.add(run.scenario().protocol());
        }
        int expected = run.checks().size();
        row.add(expected - run.unmet().size() + "/" + expected);
        for (Model model : Model.values()) {
            row.add(mark(run.verdicts().get(model)));
        }
        if (!narrow) {
            if (simulated) {
                row.add(run.simulated()
                        .map(it -> DurationText.rounded(it.virtualTime()))
                        .orElse(""));
            }
            row.add(DurationText.rounded(run.wallTime()));
        }
        return table().row(row.toArray()).lines().get(1);
    }

    private Table table() {
        Table table = new Table().column("scenario").atLeast(longest(Scenario::name));
        if (!narrow) {
            table.column("protocol")
                    .atLeast(longest(scenario -> scenario.protocol().name()));
        }
        table.number("seen").atLeast(WIDEST_COUNT);
        List.of(Model.values()).forEach(model -> table.mark(model.shortName()));
        if (!narrow) {
            if (simulated) {
                table.number("virtual").atLeast(WIDEST_TIME);
            }
            table.number("wall").atLeast(WIDEST_TIME);
        }
        return table;
    }

    private int longest(Function<Scenario, String> name) {
        return scenarios.stream().map(name).mapToInt(String::length).max().orElse(0);
    }

    private static String mark(Verdict verdict) {
        if (verdict == null) {
            return "";
        }
        return verdict instanceof Verdict.Holds ? "✓" : verdict instanceof Verdict.Violated ? "✗" : "?";
    }
}
