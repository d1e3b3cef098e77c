package io.orrery.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.config.Suggestion;
import io.orrery.model.Value;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The body of a lab request: a JSON object, read strictly. What is wrong with it is a {@link Problem} 400. */
final class LabRequest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonNode object;

    private LabRequest(JsonNode object) {
        this.object = object;
    }

    static LabRequest parse(String text) {
        if (text.isBlank()) {
            return new LabRequest(MAPPER.createObjectNode());
        }
        try {
            JsonNode tree = MAPPER.readTree(Value.parse(text).json());
            if (!tree.isObject()) {
                throw Problem.badRequest("the body is a JSON object, { … }, not " + kind(tree));
            }
            return new LabRequest(tree);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
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

    Optional<String> text(String name) {
        return find(name).map(value -> textOf("\"" + name + "\"", value));
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
        return items(
                "\"" + name + "\"", find(name).orElseThrow(() -> Problem.badRequest("\"" + name + "\" is missing")));
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
