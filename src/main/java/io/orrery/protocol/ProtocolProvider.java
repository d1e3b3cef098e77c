package io.orrery.protocol;

import java.util.List;

/**
 * Provides protocols. Found by {@link java.util.ServiceLoader}: a jar names its provider in {@code
 * META-INF/services/io.orrery.protocol.ProtocolProvider}. Needs a public constructor without parameters.
 */
public interface ProtocolProvider {
    /** The version of this contract. Increased when older providers become incompatible. */
    int CONTRACT = 2;

    /** Returns {@link #CONTRACT}, which the compiler copies into the provider as a constant. */
    int contract();

    /** In the order in which they are to be listed. */
    List<ProtocolType> protocols();
}
