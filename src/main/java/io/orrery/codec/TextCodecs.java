package io.orrery.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.util.function.Function;

/** Serializers for types that are written as a string and read by a parser. */
final class TextCodecs {
    private TextCodecs() {}

    static final class Writer<T> extends StdScalarSerializer<T> {
        private final transient Function<T, String> text;

        Writer(Class<T> type, Function<T, String> text) {
            super(type);
            this.text = text;
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(text.apply(value));
        }
    }

    static final class Reader<T> extends StdScalarDeserializer<T> {
        private final transient Function<String, T> parser;

        Reader(Class<T> type, Function<String, T> parser) {
            super(type);
            this.parser = parser;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = _parseString(in, context, this);
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(this, "%s", e.getMessage());
            }
        }
    }

    /** For field names of an object. */
    static final class KeyWriter<T> extends JsonSerializer<T> {
        private final Function<T, String> text;

        KeyWriter(Function<T, String> text) {
            this.text = text;
        }

        @Override
        public void serialize(T key, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeFieldName(text.apply(key));
        }
    }

    /** For field names of an object. */
    static final class KeyReader extends KeyDeserializer {
        private final Function<String, ?> parser;

        KeyReader(Function<String, ?> parser) {
            this.parser = parser;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            try {
                return parser.apply(key);
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(Object.class, "%s", e.getMessage());
            }
        }
    }
}
