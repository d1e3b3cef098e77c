package io.orrery.history;

import io.orrery.history.EdnReader.Keyword;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads Jepsen's histories: maps with {@code :process :type :f :value}, and {@code :time} and {@code :key} where they
 * have them. What is not a client's operation is passed over: the nemesis, and what else has a keyword for its process
 * and does nothing that a register does. A history without times counts its events.
 */
final class EdnHistory {
    /** The name of the only register of a history that names no keys. */
    static final Key REGISTER = Key.of("r");

    private final EdnReader edn;
    private final String source;
    private EdnForm form;
    private final Map<String, Object> lastTuple = new HashMap<>();
    private long line;
    private long events;

    EdnHistory(Reader in, String source) {
        this.edn = new EdnReader(in, source);
        this.source = source;
    }

    void readInto(History.Builder history) throws IOException {
        try {
            for (Object element = edn.next(); element != null; element = edn.next()) {
                line = edn.startLine();
                add(element, history);
            }
        } catch (CharacterCodingException e) {
            line = edn.startLine();
            throw malformed("here, or not far below, is what is no UTF-8; a history is text in UTF-8");
        }
    }

    private void add(Object element, History.Builder history) {
        if (!(element instanceof Map<?, ?> map)) {
            throw malformed("a history is maps like {:process 0, :type :invoke, :f :read, :value nil}, not " + element);
        }
        if (isClients(map)) {
            try {
                history.add(event(map), index(field(map, "index")), line);
            } catch (IllegalArgumentException e) {
                throw malformed(e.getMessage());
            }
        }
    }

    private static boolean isClients(Map<?, ?> map) {
        return !(field(map, "process") instanceof Keyword process)
                || !process.name().equals("nemesis")
                        && functionNamed(field(map, "f")).isPresent();
    }

    private Event event(Map<?, ?> map) {
        String process = text(required(map, "process"));
        Event.Type type = type(required(map, "type"));
        Event.Function f = function(required(map, "f"));
        Object written = field(map, "value");
        Object key = field(map, "key");
        if (form == EdnForm.TUPLE && written == EdnReader.NIL && lastTuple.containsKey(process)) {
            // A completion need not say again what it completes.
            written = lastTuple.get(process);
        }
        EdnForm found = form(key, f, written);
        if (form != null && form != found) {
            throw malformed("this event is in the form " + found + ", those before it in the form " + form
                    + "; a history keeps to one: a key field, [key value] tuples, or a single register");
        }
        form = found;
        if (found == EdnForm.TUPLE) {
            lastTuple.put(process, written);
        }
        Object value = found == EdnForm.TUPLE ? ((List<?>) written).get(1) : written;
        Object named = found == EdnForm.TUPLE ? ((List<?>) written).get(0) : key;
        return make(map, time(field(map, "time")), process, type, f, key(found, named), value);
    }

    private Event make(
            Map<?, ?> map, long time, String process, Event.Type type, Event.Function f, Key key, Object value) {
        Object version = field(map, "version");
        Object node = field(map, "node");
        Object error = field(map, "error");
        Value single = f == Event.Function.CAS || value == EdnReader.NIL ? null : value(value);
        Value expected = null;
        Boolean result = null;
        if (f == Event.Function.CAS) {
            if (!(value instanceof List<?> pair) || pair.size() != 2) {
                throw malformed("the value of a cas is [expected new], not " + value);
            }
            expected = value(pair.get(0));
            single = value(pair.get(1));
            result = type == Event.Type.OK ? !Boolean.FALSE.equals(field(map, "result")) : null;
        }
        return new Event(
                time,
                process,
                type,
                f,
                key,
                single,
                expected,
                result,
                version == EdnReader.NIL ? null : Version.parse(text(version)),
                node == EdnReader.NIL ? null : NodeId.of(text(node)),
                error == EdnReader.NIL ? null : text(error));
    }

    private static EdnForm form(Object key, Event.Function f, Object value) {
        if (key != EdnReader.NIL) {
            return EdnForm.KEY_FIELD;
        }
        boolean pair = value instanceof List<?> list && list.size() == 2;
        // A cas of a single register has a pair too; in a tuple that pair is the second element.
        boolean tuple = pair && (f != Event.Function.CAS || ((List<?>) value).get(1) instanceof List<?>);
        return tuple ? EdnForm.TUPLE : EdnForm.REGISTER;
    }

    private static Key key(EdnForm form, Object named) {
        return form == EdnForm.REGISTER ? REGISTER : Key.of(text(named));
    }

    private long time(Object time) {
        if (time == EdnReader.NIL) {
            return events++;
        }
        try {
            return Long.parseLong(text(time));
        } catch (NumberFormatException e) {
            throw malformed(":time is a whole number of nanoseconds, not " + time);
        }
    }

    /** The place of the event among all, as it gives it itself; null where it gives none. */
    private static Long index(Object index) {
        try {
            return Long.valueOf(text(index));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private Event.Type type(Object name) {
        for (Event.Type type : Event.Type.values()) {
            if (type.toString().equals(text(name))) {
                return type;
            }
        }
        throw malformed(":type is :invoke, :ok, :fail or :info, not " + name);
    }

    private Event.Function function(Object name) {
        return functionNamed(name).orElseThrow(() -> malformed(":f is :read, :write, :cas or :delete, not " + name));
    }

    private static Optional<Event.Function> functionNamed(Object name) {
        return Arrays.stream(Event.Function.values())
                .filter(f -> f.toString().equals(text(name)))
                .findFirst();
    }

    private Object required(Map<?, ?> map, String name) {
        Object value = field(map, name);
        if (value == EdnReader.NIL) {
            throw malformed("there is no :" + name + "; an event has :process, :type, :f and :value");
        }
        return value;
    }

    /** The value of a field; nil where there is none. */
    private static Object field(Map<?, ?> map, String name) {
        Object value = map.get(new Keyword(name));
        return value == null ? EdnReader.NIL : value;
    }

    private static String text(Object value) {
        return value instanceof Keyword keyword ? keyword.name() : String.valueOf(value);
    }

    private static Value value(Object edn) {
        StringBuilder json = new StringBuilder();
        append(edn, json);
        return new Value(json.toString());
    }

    // Loops and not streams: they would take many times the stack for what nests deep.
    private static void append(Object edn, StringBuilder json) {
        if (edn == EdnReader.NIL) {
            json.append("null");
        } else if (edn instanceof EdnReader.Number || edn instanceof Boolean) {
            json.append(edn);
        } else if (edn instanceof List<?> list) {
            char before = '[';
            for (Object element : list) {
                json.append(before);
                append(element, json);
                before = ',';
            }
            json.append(list.isEmpty() ? "[]" : "]");
        } else if (edn instanceof Map<?, ?> map) {
            char before = '{';
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.append(before).append(quoted(text(entry.getKey()))).append(':');
                append(entry.getValue(), json);
                before = ',';
            }
            json.append(map.isEmpty() ? "{}" : "}");
        } else {
            json.append(quoted(text(edn)));
        }
    }

    private static String quoted(String text) {
        return Value.of(text).json();
    }

    private MalformedHistoryException malformed(String problem) {
        return new MalformedHistoryException(source, line, problem);
    }
}
