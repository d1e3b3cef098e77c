package io.orrery.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.orrery.model.JsonReading;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads one JSON object a line, each an event. Fields that are not known are passed over. */
final class JsonLines {
    /** {@code {"value":[…,…]}} of a cas. */
    private static final int AROUND = 2;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(JsonReading.limits(AROUND))
            .build();

    private final String source;
    // A history names the same few keys, processes and nodes again and again: one object each.
    private final Map<String, Key> keys = new HashMap<>();
    private final Map<String, NodeId> nodes = new HashMap<>();
    private final Map<String, String> processes = new HashMap<>();
    private long line;
    /** The index that the event at hand gives itself; null where it gives none. */
    private Long index;

    JsonLines(String source) {
        this.source = source;
    }

    void readInto(BufferedReader in, History.Builder history) throws IOException {
        try {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                if (!text.isBlank()) {
                    Event event = parse(line == 1 && text.charAt(0) == '\uFEFF' ? text.substring(1) : text);
                    history.add(event, index, line);
                }
            }
        } catch (CharacterCodingException e) {
            line++;
            throw malformed("here, or not far below, is what is no UTF-8; a history is text in UTF-8");
        }
    }

    private Event parse(String text) throws IOException {
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("a line is one JSON object with time, process, type, f, key and value");
            }
            Event event = event(json, text);
            if (json.nextToken() != null) {
                throw malformed("there is more after the object; a line is one JSON object");
            }
            return event;
        } catch (JsonProcessingException e) {
            // Of a document that nests too deep it is not said where.
            String where =
                    e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
            throw malformed("not JSON: " + JsonReading.reason(e) + where + "; a line is one JSON object");
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage());
        }
    }

    private Event event(JsonParser json, String text) throws IOException {
        Long time = null;
        String process = null;
        Event.Type type = null;
        Event.Function f = null;
        Key key = null;
        Value value = null;
        Boolean result = null;
        Version version = null;
        NodeId node = null;
        String error = null;
        index = null;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            boolean absent = token == JsonToken.VALUE_NULL;
            switch (name) {
                case "time" -> time = time(json, token);
                case "process" -> process = intern(processes, scalar(json, token, name), Function.identity());
                case "type" -> type = type(scalar(json, token, name));
                case "f" -> f = function(scalar(json, token, name));
                case "key" -> key = intern(keys, scalar(json, token, name), Key::of);
                case "value" -> value = absent ? null : value(json, token, text);
                case "result" -> result = absent ? null : result(json, token);
                case "version" -> version = absent ? null : Version.parse(scalar(json, token, name));
                case "node" -> node = absent ? null : intern(nodes, scalar(json, token, name), NodeId::of);
                case "index" -> {
                    // Whoever means something else by it is not refused: the times tell the order then.
                    index = token == JsonToken.VALUE_NUMBER_INT
                                    && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                            ? Long.valueOf(json.getLongValue())
                            : null;
                    json.skipChildren();
                }
                case "error" -> error = absent ? null : value(json, token, text).json();
                default -> json.skipChildren();
            }
        }
        require(time, "time (nanoseconds)");
        require(process, "process");
        require(type, "type (invoke, ok, fail or info)");
        require(f, "f (read, write, cas or delete)");
        require(key, "key");
        return make(time, process, type, f, key, value, result, version, node, unquoted(error));
    }

    private Event make(
            long time,
            String process,
            Event.Type type,
            Event.Function f,
            Key key,
            Value value,
            Boolean result,
            Version version,
            NodeId node,
            String error)
            throws IOException {
        if (f != Event.Function.CAS) {
            return new Event(time, process, type, f, key, value, null, null, version, node, error);
        }
        List<Value> pair = value == null ? List.of() : elements(value.json());
        if (pair.size() != 2) {
            throw malformed("the value of a cas is [expected, new], not " + value);
        }
        Boolean matched = type == Event.Type.OK ? result == null || result : null;
        return new Event(time, process, type, f, key, pair.get(1), pair.get(0), matched, version, node, error);
    }

    private long time(JsonParser json, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw malformed("time is a whole number of nanoseconds, not " + json.getText());
        }
        return json.getLongValue();
    }

    private boolean result(JsonParser json, JsonToken token) throws IOException {
        if (!token.isBoolean()) {
            throw malformed("result is true or false, not " + json.getText());
        }
        return json.getBooleanValue();
    }

    /** The text of a string or number: foreign histories number their processes and keys. */
    private String scalar(JsonParser json, JsonToken token, String field) throws IOException {
        if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
            throw malformed(field + " is a string, not " + json.getText());
        }
        return json.getText();
    }

    private Event.Type type(String text) {
        return switch (text) {
            case "invoke" -> Event.Type.INVOKE;
            case "ok" -> Event.Type.OK;
            case "fail" -> Event.Type.FAIL;
            case "info" -> Event.Type.INFO;
            default -> throw malformed("type is invoke, ok, fail or info, not \"" + text + "\"");
        };
    }

    private Event.Function function(String text) {
        return switch (text) {
            case "read" -> Event.Function.READ;
            case "write" -> Event.Function.WRITE;
            case "cas" -> Event.Function.CAS;
            case "delete" -> Event.Function.DELETE;
            default -> throw malformed("f is read, write, cas or delete, not \"" + text + "\"");
        };
    }

    /** The value at the parser, as it is written. Leaves the parser at its last token. */
    private static Value value(JsonParser json, JsonToken token, String text) throws IOException {
        if (token.isNumeric() || token.isBoolean() || token == JsonToken.VALUE_NULL) {
            return new Value(json.getText());
        }
        int start = (int) json.currentTokenLocation().getCharOffset();
        if (token == JsonToken.VALUE_STRING) {
            json.finishToken();
        } else {
            json.skipChildren();
        }
        String written = text.substring(start, (int) json.currentLocation().getCharOffset());
        return token == JsonToken.VALUE_STRING ? new Value(written) : Value.parse(written);
    }

    /** The elements of a JSON array; empty where it is none. */
    private static List<Value> elements(String array) throws IOException {
        List<Value> values = new ArrayList<>(2);
        try (JsonParser json = FACTORY.createParser(array)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                return values;
            }
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                values.add(value(json, token, array));
            }
        }
        return values;
    }

    /** An error may be any JSON; a string is kept without its quotes. */
    private static String unquoted(String json) {
        return json == null || !json.startsWith("\"")
                ? json
                : new Value(json).tree().textValue();
    }

    private static <T> T intern(Map<String, T> known, String name, Function<String, T> maker) {
        T found = known.get(name);
        if (found == null) {
            found = maker.apply(name);
            known.put(name, found);
        }
        return found;
    }

    private void require(Object field, String name) {
        if (field == null) {
            throw malformed("there is no " + name + "; a line has time, process, type, f, key and value");
        }
    }

    private MalformedHistoryException malformed(String problem) {
        return new MalformedHistoryException(source, line, problem);
    }
}
