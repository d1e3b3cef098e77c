package io.orrery.workers;

import io.orrery.check.Model;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.report.SweepReport;
import java.util.List;
import java.util.Map;

/** A story that ends in one of two ways, as the links will have it. */
final class Races {
    private static final String TEXT = """
            title = A race
            protocol = lamport-lww
            replicas = [A, B]
            steps = [
              { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
              { at = 5ms, via = B, client = bob, get = x, expect-one-of = [null, 1] }
            ]
            faults { random = [crashes], span = 0s..5ms }
            invariants = all
            expect { converged = true }
            """;

    private Races() {}

    /** @param protocols empty for the file's own */
    static Task task(List<String> protocols) {
        return new Task("race.conf", TEXT, protocols, List.of(Model.LINEARIZABLE), "random");
    }

    /** All that is said of a result, but for its speed. */
    static String text(SweepResult result) {
        SweepReport report = new SweepReport(result, finding -> "again with " + finding.seed(), Map.of());
        return report.title() + report.table() + report.notes() + report.json().without("speed");
    }
}
