package io.orrery.cli;

import io.orrery.explore.Finding;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Makes findings small, one after another, until a signal comes. */
final class SmallFindings {
    private final PrintWriter err;
    private volatile boolean isEnding;

    SmallFindings(PrintWriter err) {
        this.err = err;
    }

    /** Makes no further finding small, and is content with what the one at hand has become. Callable from any thread. */
    void interrupt() {
        isEnding = true;
    }

    /**
     * What the findings become. One that cannot be made small is left out, and the reason is said.
     *
     * @param again the command that makes one small again
     * @param story how the name of its file begins
     */
    Map<Finding, SmallScenario> of(
            List<Finding> findings, int threads, Function<Finding, String> again, Function<Finding, String> story) {
        Map<Finding, SmallScenario> small = new LinkedHashMap<>();
        Map<String, String> names = new HashMap<>();
        AtomicInteger begun = new AtomicInteger();
        try (ActivityLine activity = new ActivityLine(err)) {
            for (Finding finding : findings) {
                if (isEnding) {
                    break;
                }
                begun.incrementAndGet();
                activity.begin(() -> "making small what seed " + finding.seed() + " shows: "
                        + finding.scenario().protocol() + ", " + finding.kind() + " (" + begun + " of "
                        + findings.size() + ")");
                try {
                    small.put(
                            finding,
                            SmallScenario.of(
                                    finding,
                                    threads,
                                    again.apply(finding),
                                    ownName(
                                            story.apply(finding),
                                            finding.scenario().file(),
                                            names),
                                    () -> isEnding));
                } catch (RuntimeException e) {
                    // Whatever goes wrong here, what has been seen is told.
                    activity.end();
                    err.println(finding.kind() + " cannot be made small: " + e.getMessage());
                }
            }
        }
        return small;
    }

    /** Files of one name in different folders would write over each other. */
    private static String ownName(String story, String file, Map<String, String> names) {
        String name = story;
        for (int i = 2; !names.computeIfAbsent(name, it -> file).equals(file); i++) {
            name = story + "-" + i;
        }
        return name;
    }
}
