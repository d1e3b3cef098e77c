package io.orrery.check;

import java.util.Objects;

/** The result of a check. */
public sealed interface Verdict {
    /** The word in tables and JSON: {@code holds}, {@code violated} or {@code undecided}. */
    String word();

    /** The model explains the history. */
    record Holds() implements Verdict {
        @Override
        public String word() {
            return "holds";
        }
    }

    /**
     * The model does not allow the history; the witness shows why.
     *
     * @param since the weaker model that the witness violates, where the judged one is violated because it implies
     *     that; else null
     */
    record Violated(Witness witness, Model since) implements Verdict {
        public Violated {
            Objects.requireNonNull(witness, "witness");
        }

        public Violated(Witness witness) {
            this(witness, null);
        }

        /** What this says of a stronger model, where it is said of the given one. */
        Violated passedOn(Model weaker) {
            return since == null ? new Violated(witness, weaker) : this;
        }

        @Override
        public String word() {
            return "violated";
        }
    }

    /** Neither could be decided. */
    record Undecided(Cause cause, String reason) implements Verdict {
        public Undecided {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String word() {
            return "undecided";
        }
    }

    /** Why there is no verdict. */
    enum Cause {
        /** The budget of time was spent. */
        TIME,
        /** The budget of states was spent. */
        STATES,
        /** The heap is too small. */
        MEMORY,
        /** The checker failed by a programming error. */
        FAULT,
        /** Values repeat, and the model needs to know which write a read saw. */
        REPEATED_VALUES,
        /** The history holds what the model says nothing about, or does not tell what the verdict depends on. */
        SCOPE
    }

    Verdict HOLDS = new Holds();
}
