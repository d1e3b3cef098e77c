package io.orrery.cluster;

import io.orrery.codec.Codec;
import java.io.NotSerializableException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Has Pekko write and read {@link Wire} messages. One that cannot be read is dropped with a warning, and nothing else. */
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
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try {
            return codec.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new NotSerializableException(e.getMessage());
        }
    }
}
