package io.orrery.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Objects;

/**
 * A value of the store: any JSON, kept as the text in which it arrived, without white space between tokens. Numbers
 * keep all their digits and members their order. Two values are equal if their texts are equal.
 */
public record Value(String json) {
    private static final JsonFactory FACTORY = JsonReading.factory(0)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** Loaded on demand: commands that only pass values on start much faster without it. */
    private static final class Trees {
        static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);
    }

    /** The JSON value {@code null}: a value like any other, not the absence of a value. */
    public static final Value NULL = new Value("null");

    /**
     * For text that is known to be compact JSON; use {@link #parse} for text from outside.
     *
     * @throws IllegalArgumentException if it has an unpaired surrogate, which a journal cannot store
     */
    public Value {
        Objects.requireNonNull(json, "json");
        if (Unicode.unpairedSurrogate(json, 0) >= 0) {
            throw new IllegalArgumentException(
                    "a value must be valid Unicode (it has an unpaired surrogate; JSON can write that as an escape)");
        }
    }

    /**
     * Reads one JSON value. An unpaired surrogate in it, as a tree of JSON may have it, becomes an escape.
     *
     * @throws IllegalArgumentException when the text is not exactly one JSON value; the message says where and why
     */
    public static Value parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("not JSON: there is no value (a text needs quotes: \"like this\")");
            }
            parser.skipChildren();
            // Jackson reads a scalar lazily, so finish it here.
            parser.finishToken();
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("not one JSON value: there is more after it, at "
                        + parser.currentTokenLocation().offsetDescription());
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(JsonReading.problem(e));
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
        return new Value(Unicode.escaped(compact(text)));
    }

    public static Value of(long number) {
        return new Value(Long.toString(number));
    }

    /** The JSON string with this content. */
    public static Value of(String content) {
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(content));
        return new Value('"' + Unicode.escaped(quoted) + '"');
    }

    /** This value as a tree, for programs that look inside. */
    public JsonNode tree() {
        try {
            return Trees.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value that is not JSON: " + json, e);
        }
    }

    /**
     * The canonical form of the same JSON: members sorted by name, strings without needless escapes, {@code 1.50} as
     * {@code 1.5}; 1 and 1.0 stay different. Two canonical values are equal if they mean the same JSON.
     */
    public Value canonical() {
        String canonical = CanonicalJson.of(json);
        return canonical.equals(json) ? this : new Value(canonical);
    }

    /** Whether both mean the same JSON, whatever the order of members and the escapes in strings. */
    public boolean isSameJsonAs(Value other) {
        return json.equals(other.json) || canonical().equals(other.canonical());
    }

    /** Removes the white space outside strings. The text must be valid JSON. */
    private static String compact(String text) {
        StringBuilder out = null;
        boolean inString = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = !inString && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
            if (space && out == null) {
                out = new StringBuilder(text.length()).append(text, 0, i);
            } else if (!space && out != null) {
                out.append(c);
            }
            if (c == '"') {
                inString = !inString;
            } else if (c == '\\' && inString) {
                i++;
                if (out != null) {
                    out.append(text.charAt(i));
                }
            }
        }
        return out == null ? text : out.toString();
    }

    @Override
    public String toString() {
        return json;
    }
}
