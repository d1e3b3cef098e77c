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
 * A value of the store: any JSON, kept as the text that it came in, without the white space between its tokens. Numbers
 * keep all their digits and members their order: what was put in comes back. Two values are equal when their texts are.
 */
public record Value(String json) {
    private static final JsonFactory FACTORY = JsonReading.factory(0)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** Loaded only where it is needed: commands that only pass values on start much faster without. */
    private static final class Trees {
        static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);
    }

    /** The JSON value {@code null}: a value like any other, and not the same as no value. */
    public static final Value NULL = new Value("null");

    /**
     * For text that is known to be compact JSON; what comes from outside goes through {@link #parse}.
     *
     * @throws IllegalArgumentException when it has an unpaired surrogate: a journal could not keep it
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
            // A scalar is only read to its end when that is asked for.
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
     * The same JSON in the one spelling that all its spellings share: members by their names, texts without needless escapes,
     * {@code 1.50} as {@code 1.5}; but 1 and 1.0 stay two. Where both are canonical, equal values mean the same JSON.
     */
    public Value canonical() {
        String canonical = CanonicalJson.of(json);
        return canonical.equals(json) ? this : new Value(canonical);
    }

    /** Whether both mean the same JSON, whatever the order of their members and the spelling of their texts. */
    public boolean isSameJsonAs(Value other) {
        return json.equals(other.json) || canonical().equals(other.canonical());
    }

    /** Takes out the white space outside strings. The text must be valid JSON. */
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
