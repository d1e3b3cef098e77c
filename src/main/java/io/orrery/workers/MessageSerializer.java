package io.orrery.workers;

import io.orrery.codec.Codec;
import java.io.NotSerializableException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Tells Pekko how a {@link WorkerMessage} becomes bytes. Named in {@code workers.conf}. */
public final class MessageSerializer extends SerializerWithStringManifest {
    /** Pekko's own are below 40. */
    private static final int IDENTIFIER = 7_401;

    /** One frame, with room for what Pekko puts around it: {@code maximum-frame-size} is larger. */
    static final int MOST_BYTES = 4_500_000;

    private final Codec<WorkerMessage> codec = WorkerMessage.codec();

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    /** The bytes name their type themselves. */
    @Override
    public String manifest(Object message) {
        return "";
    }

    @Override
    public byte[] toBinary(Object message) {
        return codec.encode((WorkerMessage) message);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try {
            return codec.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new NotSerializableException("from a sweep or a worker: " + e.getMessage());
        }
    }
}
