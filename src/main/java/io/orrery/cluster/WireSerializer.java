package io.orrery.cluster;

import io.orrery.codec.Codec;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Has Pekko write and read {@link Wire} messages. One that cannot be read, as a newer version may send, comes out as {@link
 * Courier.Unreadable}.
 */
public final class WireSerializer extends SerializerWithStringManifest {
    /** Unique in an actor system; those up to 40 are Pekko's. */
    private static final int IDENTIFIER = 7301;

    /** Names the format, and no class: what the message is, it says itself. */
    private static final String MANIFEST = "orrery";

    private final Codec<Wire> codec = Wire.codec();

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object message) {
        return codec.encode((Wire) message);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        try {
            return codec.decode(bytes);
        } catch (IllegalArgumentException e) {
            // Thrown, it would be logged with its stack for every single message.
            return new Courier.Unreadable(e.getMessage());
        }
    }
}
