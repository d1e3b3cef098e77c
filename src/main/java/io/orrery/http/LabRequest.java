package io.orrery.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orrery.config.Suggestion;
import io.orrery.model.JsonReading;
import io.orrery.model.Value;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The body of a lab request: a JSON object, read strictly. What is wrong with it is a {@link Problem} 400. */
final class LabRequest {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
            .streamReadConstraints(JsonReading.limits(1))
            .build();

    /** Numbers keep all their digits: they may be values. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final JsonNode object;

    private LabRequest(JsonNode object) {
        this.object = object;
    }

    static LabRequest parse(String text) {
        if (text.isBlank()) {
            return new LabRequest(MAPPER.createObjectNode());
        }
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (!tree.isObject()) {
                throw Problem.badRequest("the body is a JSON object, { … }, not " + kind(tree));
            }
            return new LabRequest(tree);
        } catch (JsonProcessingException e) {
            throw Problem.badRequest(JsonReading.problem(e));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("not JSON: " + e.getMessage());
        }
    }

    /** Refuses members other than these. */
    void expect(String... names) {
        List<String> known = List.of(names);
        for (Iterator<String> given = object.fieldNames(); given.hasNext(); ) {
            String name = given.next();
            if (!known.contains(name)) {
                throw Problem.badRequest("there is no member \"" + name + "\" here; "
                        + Suggestion.nearest(name, known)
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

    /** A text that must be there. */
    String required(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    private static Problem missing(String name) {
        return Problem.badRequest("\"" + name + "\" is missing");
    }

    /** Any JSON, {@code null} too. It must be there. */
    Value value(String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw missing(name);
        }
        return Value.parse(value.toString());
    }

    /** An object of whole numbers; none where it is left out. */
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

    Iterable<JsonNode> array(String name) {
        return items("\"" + name + "\"", find(name).orElseThrow(() -> missing(name)));
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
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
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
