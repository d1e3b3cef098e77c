package io.orrery.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.orrery.model.JsonReading;
import io.orrery.model.Value;
import java.io.IOException;
import java.io.Writer;

/** Writes Jepsen's EDN, one map a line. */
final class EdnWriter extends HistoryWriter {
    private static final JsonFactory JSON =
            JsonFactory.builder().streamReadConstraints(JsonReading.limits(0)).build();

    private final EdnForm form;

    EdnWriter(Writer out, EdnForm form) {
        super(out);
        this.form = form;
    }

    /** @throws IllegalArgumentException when the form names no key and the event has another than its register's */
    @Override
    void print(Event event, StringBuilder to) {
        if (form == EdnForm.REGISTER && !event.key().equals(EventBuilder.REGISTER)) {
            throw new IllegalArgumentException("the form REGISTER holds the one key \"" + EventBuilder.REGISTER
                    + "\", not \"" + event.key() + "\"; TUPLE and KEY_FIELD name their keys");
        }
        to.append("{:process ");
        name(event.process(), to);
        to.append(", :type :").append(event.type()).append(", :f :").append(event.f());
        if (form == EdnForm.KEY_FIELD) {
            name(event.key().name(), to.append(", :key "));
        }
        to.append(", :value ");
        if (form == EdnForm.TUPLE) {
            name(event.key().name(), to.append('['));
            to.append(' ');
        }
        if (event.f() == Event.Function.CAS) {
            value(event.expected(), to.append('['));
            value(event.value(), to.append(' '));
            to.append(']');
        } else {
            value(event.value(), to);
        }
        to.append(form == EdnForm.TUPLE ? "]" : "").append(", :time ").append(event.time());
        optional(":result", event.result(), to);
        optional(":version", event.version(), to);
        optional(":node", event.node(), to);
        optional(":error", event.error(), to);
        to.append('}');
    }

    private static void optional(String field, Object value, StringBuilder to) {
        if (value instanceof Boolean) {
            to.append(", ").append(field).append(' ').append(value);
        } else if (value != null) {
            EdnText.quote(value.toString(), to.append(", ").append(field).append(' '));
        }
    }

    /** Processes and keys that are numbers are written as numbers, as Jepsen does. */
    private static void name(String name, StringBuilder to) {
        if (name.matches("0|[1-9][0-9]{0,17}")) {
            to.append(name);
        } else {
            EdnText.quote(name, to);
        }
    }

    private static void value(Value value, StringBuilder to) {
        if (value == null) {
            to.append("nil");
        } else if (Character.isDigit(value.json().charAt(value.json().length() - 1))) {
            to.append(value.json());
        } else {
            String edn = EdnText.of(value);
            if (edn == null) {
                tokens(value.json(), to);
            } else {
                to.append(edn);
            }
        }
    }

    /** Goes token by token, so that numbers keep all their digits. */
    private static void tokens(String json, StringBuilder to) {
        try (JsonParser parser = JSON.createParser(json)) {
            boolean first = true;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                to.append(first || token.isStructEnd() ? "" : " ");
                switch (token) {
                    case START_OBJECT -> to.append('{');
                    case END_OBJECT -> to.append('}');
                    case START_ARRAY -> to.append('[');
                    case END_ARRAY -> to.append(']');
                    case VALUE_NULL -> to.append("nil");
                    case FIELD_NAME, VALUE_STRING -> EdnText.quote(parser.getText(), to);
                    default -> to.append(parser.getText());
                }
                first = token.isStructStart();
            }
        } catch (IOException e) {
            throw new IllegalStateException("a value that is not JSON: " + json, e);
        }
    }
}
