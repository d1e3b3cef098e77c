package io.orrery.zoo.kit;

import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A protocol with one mistake.
 *
 * @param type the protocol; its name begins with {@code zoo-}
 * @param sound the protocol without the mistake
 * @param shows what the mistake violates: the name of a model, or of an invariant
 * @param story the mistake and what comes of it, for people
 * @param source where it was made or described; empty where it is everybody's
 * @param scene the scenario in which it shows, which several exhibits share
 * @param seed a seed for which it shows there
 */
public record Exhibit(
        ProtocolType type, ProtocolType sound, String shows, String story, String source, String scene, long seed) {
    /** How the names of all protocols of the zoo begin. */
    public static final String PREFIX = "zoo-";

    /** Its name without what all have in common. */
    public String name() {
        return type.name().substring(PREFIX.length());
    }

    /** The scenario's file, which names this protocol. */
    public String scenario() {
        return scenario(type);
    }

    /** The same file with another protocol, such as the one without the mistake. */
    public String scenario(ProtocolType protocol) {
        try (InputStream file = Exhibit.class.getResourceAsStream("/zoo/" + scene + ".conf")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return text.replaceFirst("(?m)^protocol = .*$", "protocol = " + protocol.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
