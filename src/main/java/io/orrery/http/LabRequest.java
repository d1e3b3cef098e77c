package io.orrery.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orrery.config.NameSuggestion;
import io.orrery.model.JsonReading;
import io.orrery.model.Value;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The body of a lab request: a JSON object, read strictly. An error is a {@link Problem} 400.
 *
 * <p>Keeps its members as text until their types are known. A value may be any JSON and is passed on unchanged; other
 * members are limited in size, so that a number with a million digits is never evaluated.
 */
final class LabRequest {
    /** The limit of texts other than values. A key of maximum length fits, with an escape for each character. */
    private static final int MOST_LETTERS = 8 << 10;

    private static final JsonFactory FACTORY = JsonReading.factory(1)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** For members that are not values, with Jackson's own limit of 1,000 digits for numbers. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .build();

    private final Map<String, String> members;

    private LabRequest(Map<String, String> members) {
        this.members = members;
    }

    static LabRequest parse(String text) {
        Map<String, String> members = new LinkedHashMap<>();
        if (text.isBlank()) {
            return new LabRequest(members);
        }
        try (JsonParser json = FACTORY.createParser(text)) {
            JsonToken first = json.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw Problem.badRequest("the body is a JSON object, { … }, not " + kind(raw(json, text)));
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                members.put(name, raw(json, text));
            }
            if (json.nextToken() != null) {
                throw Problem.badRequest("not one JSON object: there is more after it");
            }
            return new LabRequest(members);
        } catch (JsonProcessingException e) {
            throw Problem.badRequest(JsonReading.problem(e));
        } catch (IOException e) {
            throw Problem.badRequest("not JSON: " + e.getMessage());
        }
    }

    /** The text of the value at the parser's position. */
    private static String raw(JsonParser json, String text) throws IOException {
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        json.finishToken(); // The parser reads a scalar to its end only on request.
        return text.substring(start, (int) json.currentLocation().getCharOffset());
    }

    /** Refuses all other members. */
    void expect(String... names) {
        List<String> known = List.of(names);
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                throw Problem.badRequest("there is no member \"" + name + "\" here; "
                        + NameSuggestion.nearest(name, known)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse("there are: " + String.join(", ", known)));
            }
        }
    }

    boolean has(String name) {
        return find(name).isPresent();
    }

    Optional<String> text(String name) {
        return find(name).map(value -> textOf("\"" + name + "\"", value));
    }

    /** A required text. */
    String required(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    private static Problem missing(String name) {
        return Problem.badRequest("\"" + name + "\" is missing");
    }

    /** A required member with any JSON, including {@code null}. */
    Value value(String name) {
        String value = members.get(name);
        if (value == null) {
            throw missing(name);
        }
        return Value.parse(value);
    }

    /** An object of integers; empty if it is absent. */
    Map<String, Long> counts(String name) {
        JsonNode counts = find(name).orElseGet(MAPPER::createObjectNode);
        if (!counts.isObject()) {
            throw Problem.badRequest("\"" + name + "\" is an object of whole numbers, not " + kind(counts));
        }
        Map<String, Long> map = new TreeMap<>();
        counts.properties().forEach(entry -> {
            JsonNode count = entry.getValue();
            if (!count.isIntegralNumber() || !count.canConvertToLong() || count.longValue() < 0) {
                throw Problem.badRequest(
                        "\"" + name + "\" counts with whole numbers, 0 or more, not with " + kind(count));
            }
            map.put(entry.getKey(), count.longValue());
        });
        return map;
    }

    /** A required integer. */
    long count(String name) {
        JsonNode count = find(name).orElseThrow(() -> missing(name));
        if (!count.isIntegralNumber() || !count.canConvertToLong() || count.longValue() < 1) {
            throw Problem.badRequest("\"" + name + "\" is a whole number, 1 or more, not " + kind(count));
        }
        return count.longValue();
    }

    Optional<Double> number(String name) {
        return find(name).map(value -> {
            if (!value.isNumber()) {
                throw Problem.badRequest("\"" + name + "\" is a number, not " + kind(value));
            }
            return value.doubleValue();
        });
    }

    Optional<Boolean> flag(String name) {
        return find(name).map(value -> {
            if (!value.isBoolean()) {
                throw Problem.badRequest("\"" + name + "\" is true or false, not " + kind(value));
            }
            return value.booleanValue();
        });
    }

    /** A required list. */
    Iterable<JsonNode> array(String name) {
        return array(name, MOST_LETTERS).orElseThrow(() -> missing(name));
    }

    /** A list that may be longer than other members. */
    Optional<Iterable<JsonNode>> array(String name, int mostLetters) {
        return find(name, mostLetters).map(value -> items("\"" + name + "\"", value));
    }

    static Iterable<JsonNode> items(String what, JsonNode value) {
        if (!value.isArray()) {
            throw Problem.badRequest(what + " is a list, not " + kind(value));
        }
        return value;
    }

    static String textOf(String what, JsonNode value) {
        if (!value.isTextual()) {
            throw Problem.badRequest(what + " is a text, not " + kind(value));
        }
        return value.textValue();
    }

    private Optional<JsonNode> find(String name) {
        return find(name, MOST_LETTERS);
    }

    private Optional<JsonNode> find(String name, int mostLetters) {
        return Optional.ofNullable(members.get(name))
                .map(raw -> tree(name, raw, mostLetters))
                .filter(value -> !value.isNull());
    }

    private static JsonNode tree(String name, String raw, int mostLetters) {
        if (raw.length() > mostLetters) {
            throw Problem.badRequest(
                    "\"" + name + "\" has at most " + mostLetters + " letters here, and not " + raw.length());
        }
        return tree(raw);
    }

    private static JsonNode tree(String raw) {
        try {
            return MAPPER.readTree(raw);
        } catch (JsonProcessingException e) {
            throw Problem.badRequest(JsonReading.problem(e));
        }
    }

    private static String kind(String raw) {
        return raw.length() > MOST_LETTERS ? "a value of this length" : kind(tree(raw));
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text " + value;
            default -> value.toString();
        };
    }
}
