package io.orrery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds JSON against a schema, as far as Orrery's own schemas go: types, properties, items, values and minima. A keyword that it
 * does not know is an error, so that no schema says what nobody checks.
 */
public final class JsonShape {
    private static final Set<String> KNOWN = Set.of(
            "$schema",
            "$defs",
            "$ref",
            "title",
            "description",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "minimum");

    private static final String DEFINITION = "#/$defs/";

    private final JsonNode root;
    private final List<String> problems = new ArrayList<>();

    private JsonShape(JsonNode root) {
        this.root = root;
    }

    /** What is not as the schema says; empty if all is. */
    public static List<String> problems(String schema, JsonNode json) throws IOException {
        JsonShape shape = of(schema);
        shape.check(shape.root, json, "");
        return shape.problems;
    }

    private static JsonShape of(String schema) throws IOException {
        return new JsonShape(new ObjectMapper()
                .readTree(Path.of("src", "site", "resources", schema).toFile()));
    }

    private void check(JsonNode schema, JsonNode json, String at) throws IOException {
        schema.fieldNames().forEachRemaining(word -> require(KNOWN.contains(word), at, "there is a keyword " + word));
        if (schema.has("$ref")) {
            refer(schema.get("$ref").asText(), json, at);
        }
        if (schema.has("type")) {
            List<String> types = new ArrayList<>();
            (schema.get("type").isArray() ? schema.get("type") : List.of(schema.get("type")))
                    .forEach(type -> types.add(type.asText()));
            require(types.stream().anyMatch(type -> is(type, json)), at, "is no " + types + ": " + json);
        }
        if (schema.has("enum")) {
            boolean[] found = {false};
            schema.get("enum").forEach(value -> found[0] |= value.equals(json));
            require(found[0], at, "is none of " + schema.get("enum") + ": " + json);
        }
        if (schema.has("minimum") && json.isNumber()) {
            require(json.asDouble() >= schema.get("minimum").asDouble(), at, "is too low: " + json);
        }
        if (json.isObject()) {
            object(schema, json, at);
        }
        if (json.isArray() && schema.has("items")) {
            for (int i = 0; i < json.size(); i++) {
                check(schema.get("items"), json.get(i), at + "/" + i);
            }
        }
    }

    /** To a definition of this schema, or to another schema. */
    private void refer(String to, JsonNode json, String at) throws IOException {
        if (to.startsWith(DEFINITION)) {
            JsonNode definition = root.path("$defs").path(to.substring(DEFINITION.length()));
            require(definition.isObject(), at, "there is no definition " + to);
            check(definition, json, at);
        } else {
            JsonShape other = of(to);
            other.check(other.root, json, at);
            problems.addAll(other.problems);
        }
    }

    private void object(JsonNode schema, JsonNode json, String at) throws IOException {
        JsonNode properties = schema.path("properties");
        schema.path("required").forEach(name -> require(json.has(name.asText()), at, "lacks " + name));
        JsonNode others = schema.path("additionalProperties");
        boolean isClosed = others.isBoolean() && !others.asBoolean();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (properties.has(field.getKey())) {
                check(properties.get(field.getKey()), field.getValue(), at + "/" + field.getKey());
            } else if (others.isObject()) {
                check(others, field.getValue(), at + "/" + field.getKey());
            } else {
                require(!isClosed, at, "has " + field.getKey() + ", of which the schema says nothing");
            }
        }
    }

    private void require(boolean holds, String at, String problem) {
        if (!holds) {
            problems.add(at + " " + problem);
        }
    }

    private static boolean is(String type, JsonNode json) {
        return switch (type) {
            case "object" -> json.isObject();
            case "array" -> json.isArray();
            case "string" -> json.isTextual();
            case "integer" -> json.isIntegralNumber();
            case "number" -> json.isNumber();
            case "null" -> json.isNull();
            case "boolean" -> json.isBoolean();
            default -> false;
        };
    }
}
