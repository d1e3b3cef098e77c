package io.orrery.check;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The consistency models that a history can be judged by, each with its definition in a line and its source. */
public enum Model {
    LINEARIZABLE(
            "linearizable",
            "lin",
            "each operation takes effect at one moment between its invocation and its completion; key by key",
            "Herlihy and Wing 1990; Horn and Kroening 2015 for key by key"),
    SEQUENTIAL(
            "sequential",
            "seq",
            "one order of all operations, over all keys, explains all reads and keeps the order of each process",
            "Lamport 1979"),
    CAUSAL_CC(
            "causal-cc",
            "cc",
            "each read is explained by some order of what is causally before it",
            "Bouajjani, Enea, Guerraoui, Hamza, POPL 2017: causal consistency"),
    CAUSAL_CM(
            "causal-cm",
            "cm",
            "for each process one order of what is causally before it explains all its reads",
            "Ahamad et al. 1995; Bouajjani et al., POPL 2017: causal memory"),
    CAUSAL_CCV(
            "causal-ccv",
            "ccv",
            "each read sees the last of the writes causally before it, in an order of writes that all agree on",
            "Bouajjani et al., POPL 2017: causal convergence"),
    PRAM(
            "pram",
            "pram",
            "each process sees the writes of every process in the order in which that process issued them",
            "Lipton and Sandberg 1988"),
    READ_YOUR_WRITES(
            "read-your-writes",
            "ryw",
            "a session's reads see its own earlier writes, or what overwrote them",
            TerryEtAl.SOURCE),
    MONOTONIC_READS(
            "monotonic-reads", "mr", "a session never reads something older than it has read", TerryEtAl.SOURCE),
    MONOTONIC_WRITES(
            "monotonic-writes",
            "mw",
            "who sees a write of a session sees that session's earlier writes too",
            TerryEtAl.SOURCE),
    WRITES_FOLLOW_READS(
            "writes-follow-reads",
            "wfr",
            "who sees a write of a session sees what that session had read before it too",
            TerryEtAl.SOURCE),
    /** Judged from the final states of the replicas by {@link Convergence}: a history does not hold them. */
    CONVERGED("converged", "con", "after quiescence all replicas hold the same", "Vogels 2009, Eventually Consistent");

    private static final class TerryEtAl {
        private static final String SOURCE =
                "Terry et al. 1994, Session Guarantees for Weakly Consistent Replicated Data";
    }

    private final String id;
    private final String shortName;
    private final String description;
    private final String source;

    Model(String id, String shortName, String description, String source) {
        this.id = id;
        this.shortName = shortName;
        this.description = description;
        this.source = source;
    }

    /** The name that users write: {@code causal-ccv}. */
    public String id() {
        return id;
    }

    /** A few letters, as over a column of marks: {@code ccv}. */
    public String shortName() {
        return shortName;
    }

    /** The definition in a line. */
    public String description() {
        return description;
    }

    /** Where the definition comes from. */
    public String source() {
        return source;
    }

    /** Whether what satisfies this model satisfies the other, another one, too. */
    public boolean implies(Model other) {
        return other != this
                && switch (this) {
                    case LINEARIZABLE -> other != CONVERGED;
                    case SEQUENTIAL -> other != LINEARIZABLE && other != CONVERGED;
                    case CAUSAL_CM -> other == CAUSAL_CC || other == PRAM;
                    case CAUSAL_CCV -> other == CAUSAL_CC || other.isSessionGuarantee();
                    default -> false;
                };
    }

    private boolean isSessionGuarantee() {
        return switch (this) {
            case READ_YOUR_WRITES, MONOTONIC_READS, MONOTONIC_WRITES, WRITES_FOLLOW_READS -> true;
            default -> false;
        };
    }

    /** Whether {@link Checker} can judge a history by it. */
    public boolean judgesHistories() {
        return this != CONVERGED;
    }

    /** The model with this name, or this short name; {@code causal} means {@code causal-ccv}. */
    public static Optional<Model> find(String name) {
        String id = name.equals("causal") ? CAUSAL_CCV.id : name;
        return Arrays.stream(values())
                .filter(model -> model.id.equals(id) || model.shortName.equals(id))
                .findFirst();
    }

    /**
     * As {@link #find}.
     *
     * @throws IllegalArgumentException when there is no such model; the message lists those that there are
     */
    public static Model parse(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no model \"" + name + "\"; there are "
                        + Arrays.stream(values()).map(Model::id).collect(Collectors.joining(", "))
                        + ", in short "
                        + Arrays.stream(values()).map(Model::shortName).collect(Collectors.joining(", "))
                        + ", and causal for causal-ccv"));
    }

    @Override
    public String toString() {
        return id;
    }
}
