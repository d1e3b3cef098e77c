package io.orrery.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.orrery.model.JsonReading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON object as the server sends it. Members named {@code value} keep their JSON text, since a value may be any
 * JSON. The parser is Jackson's streaming parser: data binding would take longer to load than the rest of the command.
 */
public final class Document {
    /** The levels of nesting around a value: {@code {"data":[{"value":…}]}}. */
    private static final int AROUND = 3;

    private static final JsonFactory FACTORY = JsonReading.factory(AROUND).build();

    private final Map<String, Object> members;

    private Document(Map<String, Object> members) {
        this.members = members;
    }

    /** @throws IllegalArgumentException if the text is not a JSON object */
    public static Document parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                return object(parser, text);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("not a JSON object: " + text);
    }

    private static Document object(JsonParser parser, String text) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, name.equals("value") ? raw(parser, text) : any(parser, text));
        }
        return new Document(members);
    }

    private static String raw(JsonParser parser, String text) throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken(); // The parser reads a string to its end only on request.
        return text.substring(start, (int) parser.currentLocation().getCharOffset());
    }

    private static Object any(JsonParser parser, String text) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return object(parser, text);
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(any(parser, text));
            }
            return items;
        }
        return parser.getText();
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** A member as text: a number or truth value as written, {@code value} as JSON. */
    public String text(String name) {
        Object member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("there is no member \"" + name + "\" in " + members.keySet());
        }
        return member.toString();
    }

    /** The objects of a list; empty if there is no such member. */
    public List<Document> objects(String name) {
        return members.get(name) instanceof List<?> items
                ? items.stream().map(Document.class::cast).toList()
                : List.of();
    }

    public Map<String, Object> members(String name) {
        return members.get(name) instanceof Document inner ? inner.members : Map.of();
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
