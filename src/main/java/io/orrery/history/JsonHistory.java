package io.orrery.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.orrery.model.JsonReading;
import io.orrery.model.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON objects, each an event: one a line, or in an array. Unknown fields are ignored. */
final class JsonHistory {
    /** {@code [{"value":[…,…]}]} of a cas. */
    private static final int AROUND = 3;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(JsonReading.limits(AROUND))
            // Python writes NaN, and an ignored field must not make a file malformed.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final BufferedReader in;
    private final String source;
    private final EventBuilder events;
    private long line;

    JsonHistory(BufferedReader in, String source, EventBuilder events) {
        this.in = in;
        this.source = source;
        this.events = events;
    }

    void readLines() throws IOException {
        try {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                if (!text.isBlank()) {
                    events.add(fieldsOf(text), line);
                }
            }
        } catch (CharacterCodingException e) {
            line++;
            throw noUtf8();
        }
    }

    private Map<String, Datum> fieldsOf(String text) throws IOException {
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("a line is one JSON object with process, type, f, key and value");
            }
            Map<String, Datum> fields = fields(json);
            if (json.nextToken() != null) {
                throw malformed("there is more after the object; a line is one JSON object");
            }
            return fields;
        } catch (JsonProcessingException e) {
            throw notJson(e, "a line is one JSON object");
        }
    }

    void readArray() throws IOException {
        try (JsonParser json = FACTORY.createParser(in)) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                line = json.currentTokenLocation().getLineNr();
                if (json.currentToken() != JsonToken.START_OBJECT) {
                    throw malformed(
                            "an array holds JSON objects with process, type, f, key and value, not " + json.getText());
                }
                events.add(fields(json), line);
            }
            if (json.nextToken() != null) {
                line = json.currentTokenLocation().getLineNr();
                throw malformed("there is more after the array; a history is one array, or lines of objects");
            }
        } catch (JsonProcessingException e) {
            line = e.getLocation() == null ? line : e.getLocation().getLineNr();
            throw notJson(e, "an array holds JSON objects");
        } catch (CharacterCodingException e) {
            throw noUtf8();
        }
    }

    /** The parser stands at the beginning of an object, and then at its end. */
    private static Map<String, Datum> fields(JsonParser json) throws IOException {
        Map<String, Datum> fields = new HashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            if (EventBuilder.FIELDS.contains(name)) {
                fields.put(name, datum(json));
            } else {
                json.skipChildren();
            }
        }
        return fields;
    }

    private static Datum datum(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_ARRAY:
                List<Datum> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(datum(json));
                }
                return new Datum.Sequence(elements);
            case START_OBJECT:
                return object(json);
            case VALUE_STRING:
                return new Datum.Text(json.getText());
            case VALUE_NULL:
                return Datum.NIL;
            case VALUE_NUMBER_FLOAT:
                return decimal(json.getText());
            default:
                // -0 has two spellings as well.
                return new Datum.Atom(json.currentToken().isNumeric() ? number(json.getText()) : json.getText());
        }
    }

    private static Datum object(JsonParser json) throws IOException {
        Map<Datum, Datum> members = new LinkedHashMap<>();
        String twice = null;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            twice = members.put(new Datum.Text(name), datum(json)) == null ? twice : name;
        }
        Datum object = new Datum.Table(members);
        return twice == null
                ? object
                : new Datum.Meaningless(EdnText.of(object), "not JSON: an object has two members \"" + twice + "\"");
    }

    /** NaN and infinities are not JSON, but are EDN. */
    private static Datum decimal(String text) {
        char last = text.charAt(text.length() - 1);
        return switch (last) {
            case 'N' -> new Datum.Atom("##NaN");
            case 'y', 'F' -> new Datum.Atom(text.startsWith("-") ? "##-Inf" : "##Inf");
            default -> new Datum.Atom(number(text));
        };
    }

    private static String number(String text) {
        return new Value(text).canonical().json();
    }

    private MalformedHistoryException notJson(JsonProcessingException e, String right) {
        // The position of excessive nesting is not reported.
        String where =
                e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
        return malformed("not JSON: " + JsonReading.reason(e) + where + "; " + right);
    }

    private MalformedHistoryException noUtf8() {
        return malformed("here, or a little further down, are bytes that are not UTF-8; a history is text in UTF-8");
    }

    private MalformedHistoryException malformed(String problem) {
        return new MalformedHistoryException(source, line, problem);
    }
}
