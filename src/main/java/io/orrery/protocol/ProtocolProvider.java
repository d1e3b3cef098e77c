package io.orrery.protocol;

import java.util.List;

/**
 * What brings protocols: found by {@link java.util.ServiceLoader}, so a jar with protocols names its provider in
 * {@code META-INF/services/io.orrery.protocol.ProtocolProvider}. It is made by a public constructor without parameters.
 */
public interface ProtocolProvider {
    /** The version of this package that a provider is compiled against. Grows when older providers cannot be used any more. */
    int CONTRACT = 2;

    /** Returns {@link #CONTRACT}: the compiler writes into the provider which one that was. */
    int contract();

    /** In the order in which they are to be listed. */
    List<ProtocolType> protocols();
}
