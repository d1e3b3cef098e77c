package io.orrery.protocol;

import java.util.List;
import java.util.function.BiFunction;

/**
 * A protocol that a deployment or scenario can name.
 *
 * @param name as files name it
 * @param summary one line for people
 * @param promises what clients may rely on
 * @param handmade which writes that are made by hand it takes
 * @param kinds the kinds of its messages, as {@link Message#kind()} tells them
 * @param factory makes a replica's protocol object
 */
public record ProtocolType(
        String name,
        String summary,
        Promises promises,
        Handmade handmade,
        List<String> kinds,
        BiFunction<ReplicaSettings, Effects, Protocol> factory) {
    public ProtocolType {
        kinds = List.copyOf(kinds);
    }

    /** A protocol that takes no writes that are made by hand. */
    public ProtocolType(
            String name,
            String summary,
            Promises promises,
            List<String> kinds,
            BiFunction<ReplicaSettings, Effects, Protocol> factory) {
        this(name, summary, promises, Handmade.NONE, kinds, factory);
    }

    /** A protocol that promises nothing. */
    public ProtocolType(
            String name, String summary, List<String> kinds, BiFunction<ReplicaSettings, Effects, Protocol> factory) {
        this(name, summary, Promises.NONE, kinds, factory);
    }

    public Protocol create(ReplicaSettings settings, Effects effects) {
        return factory.apply(settings, effects);
    }

    /**
     * Checks that there are messages of a kind.
     *
     * @return the kind
     * @throws IllegalArgumentException when the protocol has none; the message lists those that there are
     */
    public String requireKind(String kind) {
        if (!kinds.contains(kind)) {
            throw new IllegalArgumentException("no message of " + name + " is of the kind \"" + kind + "\"; there are: "
                    + String.join(", ", kinds));
        }
        return kind;
    }

    @Override
    public String toString() {
        return name;
    }
}
