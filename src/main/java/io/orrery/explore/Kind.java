package io.orrery.explore;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.scenario.Run;
import java.util.Comparator;
import java.util.Locale;

/**
 * What kind of wrong a finding is. Two findings of one kind may still have different causes; a smaller scenario with a
 * finding of the same kind shows the same wrong.
 *
 * @param name of a model its id, of an invariant its name, of an expectation what was expected, of a failure the class of
 *     its cause and where that was thrown
 */
public record Kind(Sort sort, String name) implements Comparable<Kind> {
    private static final Comparator<Kind> ORDER =
            Comparator.comparing(Kind::sort).thenComparing(Kind::name);

    private static final String INVARIANT = "invariant ";

    /** What can be wrong with a run. */
    public enum Sort {
        /** A model that was expected to hold is violated. */
        MODEL,
        /** An invariant did not hold at some step. */
        INVARIANT,
        /** A step saw something else than expected, or a model holds that should not. */
        EXPECTATION,
        /** A replica failed by a programming error, or rejected what another one sent. */
        FAILURE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** That a model is violated. */
    public static Kind of(Model model) {
        return new Kind(Sort.MODEL, model.id());
    }

    /** What is wrong where this expectation of a run is not met. */
    public static Kind of(Run run, Run.Check check) {
        if (check.model().isPresent()) {
            boolean isViolated = run.verdicts().get(check.model().get()) instanceof Verdict.Violated;
            return isViolated ? of(check.model().get()) : new Kind(Sort.EXPECTATION, check.expected());
        }
        // A step names a replica, an operation and a key, and so is never taken for an invariant, whose name has no
        // blank.
        if (check.expected().startsWith(INVARIANT)) {
            String name = check.expected().substring(INVARIANT.length());
            if (run.scenario().expected().invariants().contains(name)) {
                return new Kind(Sort.INVARIANT, name);
            }
        }
        return new Kind(Sort.EXPECTATION, check.expected());
    }

    /** Models first, failures last, each by name. */
    @Override
    public int compareTo(Kind other) {
        return ORDER.compare(this, other);
    }

    /** As people read it: {@code model causal-ccv}. */
    @Override
    public String toString() {
        return sort + " " + name;
    }
}
