package io.orrery.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.orrery.model.Value;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Encodes journal entries or messages as CBOR (RFC 8949), in which each object carries the name of its type. Only types
 * of a closed set can be decoded; class names are never read. Unknown fields, which a newer version may have written,
 * are ignored; a missing field that is not optional is an error. Immutable and thread-safe.
 *
 * @param <T> what all types have in common
 */
public final class Codec<T> {
    private final Set<Class<?>> types;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    /**
     * @param types the closed set: each a {@code T} with a {@code JsonTypeName} of its own
     * @throws IllegalArgumentException if a type has no name, or two have the same
     */
    public Codec(Class<T> base, Collection<? extends Class<?>> types) {
        this(base, types, List.of());
    }

    /**
     * The same for types that hold others.
     *
     * @param held the closed set of those that are held, with names of their own
     */
    public Codec(Class<T> base, Collection<? extends Class<?>> types, Collection<Class<?>> held) {
        this(base, types, held, Value::new);
    }

    private Codec(
            Class<T> base,
            Collection<? extends Class<?>> types,
            Collection<Class<?>> held,
            Function<String, Value> values) {
        this.types = Set.copyOf(types);
        CBORFactory cbor = CBORFactory.builder()
                // The size of a value is bounded where it enters, so whatever was accepted can be decoded.
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
        ObjectMapper mapper = CBORMapper.builder(cbor)
                .addModule(new OrreryModule(
                        Stream.<Class<?>>concat(types.stream(), held.stream()).toList(), values))
                .addModule(new Jdk8Module())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
        writer = mapper.writerFor(base);
        reader = mapper.readerFor(base);
    }

    /** For the journals of a protocol. */
    public static Codec<JournalEntry> ofEntries(ProtocolType protocol) {
        return new Codec<>(JournalEntry.class, protocol.vocabulary().entries());
    }

    /** For the messages of a protocol. The values in them are checked to be JSON, because a peer may send anything. */
    public static Codec<Message> ofMessages(ProtocolType protocol) {
        return new Codec<>(Message.class, protocol.vocabulary().messages(), List.of(), Value::parse);
    }

    /** @throws IllegalArgumentException when it is not of the closed set, or holds something that cannot be written */
    public byte[] encode(T object) {
        if (!types.contains(object.getClass())) {
            throw new IllegalArgumentException("this codec does not know the class: " + object.getClass());
        }
        try {
            return writer.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    object.getClass().getSimpleName() + " cannot be encoded: " + e.getOriginalMessage(), e);
        }
    }

    /** @throws IllegalArgumentException when the bytes are no encoding of a type of the closed set */
    public T decode(byte[] bytes, int offset, int length) {
        try {
            T object = reader.readValue(bytes, offset, length);
            if (object == null) {
                throw new IllegalArgumentException("this codec encodes nothing");
            }
            return object;
        } catch (IOException e) {
            // One line: the original message has no position.
            String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new IllegalArgumentException("cannot be decoded: " + why, e);
        }
    }

    public T decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }
}
