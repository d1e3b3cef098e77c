package io.orrery.protocol;

import java.util.List;
import java.util.function.BiFunction;

/**
 * A protocol that a deployment or scenario can name, with all that the rest of the program must know about it.
 *
 * @param name as files name it
 * @param summary one line for people
 * @param promises what clients may rely on
 * @param leadership whether one of the replicas leads
 * @param handmade which writes made by hand it accepts
 * @param compares whether it offers {@link io.orrery.model.Operation.CompareAndSet compare-and-set}
 * @param remembers whether a write with an {@linkplain Request#id id} that is repeated is carried out once
 * @param options those of its own, each name once
 * @param vocabulary its messages and journal entries
 * @param selfChecks what it says of itself to who checks it
 * @param factory makes a replica's protocol object
 */
public record ProtocolType(
        String name,
        String summary,
        Promises promises,
        Leadership leadership,
        HandMadeOrder handmade,
        boolean compares,
        boolean remembers,
        List<ProtocolOption<?>> options,
        Vocabulary vocabulary,
        SelfChecks selfChecks,
        BiFunction<ReplicaSettings, Effects, Protocol> factory) {
    /** @throws IllegalArgumentException when two options have one name */
    public ProtocolType {
        options = List.copyOf(options);
        if (options.stream().map(ProtocolOption::name).distinct().count() != options.size()) {
            throw new IllegalArgumentException("two options of " + name + " have the same name: " + options);
        }
    }

    /** Whether one of the replicas leads, who says which, and which replicas have a write when it returns. */
    public enum Leadership {
        /** No leader; the replica that was asked has it. */
        NONE,
        /** No leader; a majority has it. */
        MAJORITY,
        /** No leader; all replicas have it. */
        EVERYBODY,
        /** A leader; one replica has it, possibly not the leader. */
        ALONE,
        /** A leader; the leader and the write quorum of followers have it. */
        QUORUM,
        /** A leader; all replicas have it. */
        ALL,
        /** A leader that the replicas elect; a majority of them has it. */
        ELECTED
    }

    /** A protocol that offers no compare-and-set, and remembers no request ids. */
    public ProtocolType(
            String name,
            String summary,
            Promises promises,
            Leadership leadership,
            HandMadeOrder handmade,
            List<ProtocolOption<?>> options,
            Vocabulary vocabulary,
            SelfChecks selfChecks,
            BiFunction<ReplicaSettings, Effects, Protocol> factory) {
        this(name, summary, promises, leadership, handmade, false, false, options, vocabulary, selfChecks, factory);
    }

    /** A protocol without invariants of its own, whose writes are on one disk when they are acknowledged. */
    public ProtocolType(
            String name,
            String summary,
            Promises promises,
            Leadership leadership,
            HandMadeOrder handmade,
            List<ProtocolOption<?>> options,
            Vocabulary vocabulary,
            BiFunction<ReplicaSettings, Effects, Protocol> factory) {
        this(name, summary, promises, leadership, handmade, options, vocabulary, SelfChecks.ONE_DISK, factory);
    }

    /** A protocol without a leader that promises nothing, has no options, and takes no writes that are made by hand. */
    public ProtocolType(
            String name,
            String summary,
            Vocabulary vocabulary,
            BiFunction<ReplicaSettings, Effects, Protocol> factory) {
        this(name, summary, Promises.NONE, Leadership.NONE, HandMadeOrder.NONE, List.of(), vocabulary, factory);
    }

    /** A protocol with the same promises, options and vocabulary. */
    public ProtocolType variant(
            String otherName, String otherSummary, BiFunction<ReplicaSettings, Effects, Protocol> otherFactory) {
        return new ProtocolType(
                otherName,
                otherSummary,
                promises,
                leadership,
                handmade,
                compares,
                remembers,
                options,
                vocabulary,
                selfChecks,
                otherFactory);
    }

    /** The same protocol, which offers or promises something else. */
    private ProtocolType with(
            Promises promised,
            Leadership led,
            HandMadeOrder taken,
            boolean comparing,
            boolean remembering,
            List<ProtocolOption<?>> own,
            SelfChecks checks) {
        return new ProtocolType(
                name, summary, promised, led, taken, comparing, remembering, own, vocabulary, checks, factory);
    }

    public ProtocolType promising(Promises promised) {
        return with(promised, leadership, handmade, compares, remembers, options, selfChecks);
    }

    public ProtocolType led(Leadership by) {
        return with(promises, by, handmade, compares, remembers, options, selfChecks);
    }

    public ProtocolType taking(HandMadeOrder writes) {
        return with(promises, leadership, writes, compares, remembers, options, selfChecks);
    }

    /** With {@link io.orrery.model.Operation.CompareAndSet compare-and-set}. */
    public ProtocolType comparing() {
        return with(promises, leadership, handmade, true, remembers, options, selfChecks);
    }

    /** With request ids: a write that is repeated is carried out once. */
    public ProtocolType remembering() {
        return with(promises, leadership, handmade, compares, true, options, selfChecks);
    }

    public ProtocolType withOptions(ProtocolOption<?>... own) {
        return with(promises, leadership, handmade, compares, remembers, List.of(own), selfChecks);
    }

    /** With invariants of its own, and disks that have a write when it is acknowledged. */
    public ProtocolType checked(SelfChecks by) {
        return with(promises, leadership, handmade, compares, remembers, options, by);
    }

    public Protocol create(ReplicaSettings settings, Effects effects) {
        return factory.apply(settings, effects);
    }

    /** Whether its replicas converge when writes stop and all are reachable. */
    public boolean converges() {
        return promises.models().contains("converged");
    }

    /** Whether one of the replicas leads, which an option names. */
    public boolean hasLeader() {
        return switch (leadership) {
            case NONE, MAJORITY, EVERYBODY, ELECTED -> false;
            case ALONE, QUORUM, ALL -> true;
        };
    }

    /** Whether its replicas can change while it runs: see {@link Protocol#change}. */
    public boolean changesMembers() {
        return leadership == Leadership.ELECTED;
    }

    /** Whether a write may return while only one replica has it. */
    public boolean acknowledgesAlone(ProtocolOptions options) {
        return switch (leadership) {
            case NONE, ALONE -> true;
            case QUORUM -> options.get(ProtocolOptions.WRITE_QUORUM) == 0;
            case ALL, MAJORITY, EVERYBODY, ELECTED -> false;
        };
    }

    /**
     * Checks that there are messages of a kind.
     *
     * @return the kind
     * @throws IllegalArgumentException when the protocol has none; the message lists those that there are
     */
    public String requireKind(String kind) {
        if (!vocabulary.kinds().contains(kind)) {
            throw new IllegalArgumentException("no message of " + name + " is of the kind \"" + kind + "\"; there are: "
                    + String.join(", ", vocabulary.kinds()));
        }
        return kind;
    }

    @Override
    public String toString() {
        return name;
    }
}
