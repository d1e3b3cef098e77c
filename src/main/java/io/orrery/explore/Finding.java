package io.orrery.explore;

import io.orrery.loop.Schedule;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import java.util.List;
import java.util.Objects;

/**
 * Something that a run did wrong, with all that it takes to see it again.
 *
 * @param scenario as it was played, before its random faults became steps
 * @param sentence what was seen, for people
 */
public record Finding(Kind kind, Scenario scenario, long seed, Schedule schedule, String sentence) {
    /** What is wrong with a run, in the order of its expectations. Undecided verdicts are not wrong. */
    public static List<Finding> of(Scenario scenario, long seed, Schedule schedule, Run run) {
        return run.checks().stream()
                .filter(check -> check.result() == Run.Result.UNMET)
                .map(check -> new Finding(Kind.of(run, check), scenario, seed, schedule, check.problem()))
                .toList();
    }

    /** What is wrong with a run that ended by an exception, as it does where a replica fails. */
    public static Finding of(Scenario scenario, long seed, Schedule schedule, RuntimeException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        StackTraceElement[] stack = cause.getStackTrace();
        String where = stack.length == 0 ? "" : " in " + simpleName(stack[0].getClassName());
        Kind kind = new Kind(Kind.Sort.FAILURE, cause.getClass().getSimpleName() + where);
        return new Finding(kind, scenario, seed, schedule, Objects.toString(failure.getMessage(), failure.toString()));
    }

    private static String simpleName(String className) {
        String inner = className.substring(className.lastIndexOf('.') + 1);
        int dollar = inner.indexOf('$');
        return dollar > 0 ? inner.substring(0, dollar) : inner;
    }
}
