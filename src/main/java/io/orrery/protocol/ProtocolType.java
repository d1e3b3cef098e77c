package io.orrery.protocol;

import java.util.function.BiFunction;

/**
 * A protocol that a deployment or scenario can name.
 *
 * @param name as files name it
 * @param summary one line for people
 * @param promises what clients may rely on
 * @param factory makes a replica's protocol object
 */
public record ProtocolType(
        String name, String summary, Promises promises, BiFunction<ReplicaSettings, Effects, Protocol> factory) {
    /** A protocol that promises nothing. */
    public ProtocolType(String name, String summary, BiFunction<ReplicaSettings, Effects, Protocol> factory) {
        this(name, summary, Promises.NONE, factory);
    }

    public Protocol create(ReplicaSettings settings, Effects effects) {
        return factory.apply(settings, effects);
    }

    @Override
    public String toString() {
        return name;
    }
}
