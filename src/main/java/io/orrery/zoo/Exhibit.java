package io.orrery.zoo;

import io.orrery.protocol.ProtocolType;

/**
 * A protocol with one mistake.
 *
 * @param type the protocol; its name begins with {@code zoo-}
 * @param sound the protocol without the mistake
 * @param shows what the mistake violates: the name of a model, or of an invariant
 * @param story the mistake and what comes of it, for people
 * @param source where it was made or described; empty where it is everybody's
 * @param scenario the name of the scenario in which it shows, for some seeds
 * @param needs how many things must come in one order for it: an operation, a delivery, a fault each
 */
public record Exhibit(
        ProtocolType type, ProtocolType sound, String shows, String story, String source, String scenario, int needs) {
    /** Its name without what all have in common. */
    public String name() {
        return type.name().substring(Zoo.PREFIX.length());
    }
}
