package io.orrery.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.orrery.clock.VersionVector;
import io.orrery.model.Origin;
import java.io.IOException;

/**
 * Serializers for vectors: objects of counts, written and read without data binding, because most messages have one.
 */
final class VectorCodec {
    private VectorCodec() {}

    static final class Writer extends StdSerializer<VersionVector> {
        Writer() {
            super(VersionVector.class);
        }

        @Override
        public void serialize(VersionVector vector, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartObject();
            for (int i = 0; i < vector.size(); i++) {
                out.writeFieldName(vector.originAt(i).text());
                out.writeNumber(vector.countAt(i));
            }
            out.writeEndObject();
        }
    }

    static final class Reader extends StdDeserializer<VersionVector> {
        Reader() {
            super(VersionVector.class);
        }

        @Override
        public VersionVector deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.isExpectedStartObjectToken()) {
                return (VersionVector) context.handleUnexpectedToken(VersionVector.class, in);
            }
            VersionVector.Builder vector = new VersionVector.Builder();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                if (in.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                    return (VersionVector) context.handleUnexpectedToken(long.class, in);
                }
                try {
                    vector.add(Origin.parse(name), in.getLongValue());
                } catch (IllegalArgumentException e) {
                    return context.reportInputMismatch(this, "%s", e.getMessage());
                }
            }
            return vector.build();
        }
    }
}
