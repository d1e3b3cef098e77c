package io.orrery.history;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.orrery.model.Value;
import java.io.Writer;

/** Writes one JSON object a line. */
final class JsonLinesWriter extends HistoryWriter {
    private static final JsonStringEncoder QUOTED = JsonStringEncoder.getInstance();

    JsonLinesWriter(Writer out) {
        super(out);
    }

    @Override
    void print(Event event, StringBuilder to) {
        to.append("{\"time\":").append(event.time());
        string(to, "process", event.process());
        string(to, "type", event.type().toString());
        string(to, "f", event.f().toString());
        string(to, "key", event.key().name());
        switch (event.f()) {
            case READ -> {
                if (event.type() == Event.Type.OK) {
                    to.append(",\"value\":").append(json(event.value()));
                }
            }
            case WRITE -> to.append(",\"value\":").append(json(event.value()));
            case CAS ->
                to.append(",\"value\":[")
                        .append(json(event.expected()))
                        .append(',')
                        .append(json(event.value()))
                        .append(']');
            case DELETE -> {}
        }
        if (event.result() != null) {
            to.append(",\"result\":").append(event.result().booleanValue());
        }
        if (event.version() != null) {
            string(to, "version", event.version().toString());
        }
        if (event.node() != null) {
            string(to, "node", event.node().name());
        }
        if (event.error() != null) {
            string(to, "error", event.error());
        }
        to.append('}');
    }

    private static String json(Value value) {
        return value == null ? "null" : value.json();
    }

    private static void string(StringBuilder to, String name, String content) {
        to.append(",\"").append(name).append("\":\"");
        QUOTED.quoteAsString(content, to);
        to.append('"');
    }
}
