package io.orrery.history;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Unicode;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Builds events from the lines of a file, in EDN or JSON. The first operation decides how keys are named. Lines that
 * are no client operation are skipped: the nemesis, and in EDN any other process named by a keyword whose function is
 * none of a register. Fields that no event needs are ignored.
 */
final class EventBuilder {
    /** The key of the only register of a history that names no keys. */
    static final Key REGISTER = Key.of("r");

    /** The fields of an event; others are ignored. */
    static final Set<String> FIELDS =
            Set.of("process", "type", "f", "key", "value", "result", "version", "node", "time", "index", "error");

    private static final Map<String, Event.Function> FUNCTIONS = byName(Event.Function.values());
    private static final Map<String, Event.Type> TYPES = byName(Event.Type.values());

    /** A numeric version may be written as a string. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private static final String TRANSACTION = "txn";
    private static final Set<String> MICRO_OPERATIONS = Set.of("r", "w", "append", "read", "write");

    /** The files whose events make one history share their names. */
    static final class Shared {
        private final UniqueNames<String> processes = new UniqueNames<>(Function.identity());
        private final UniqueNames<Key> keys = new UniqueNames<>(Key::of);
        private final UniqueNames<NodeId> nodes = new UniqueNames<>(NodeId::of);
    }

    private final Spelling spelling;
    private final Shared shared;
    private final History.Builder history;
    /** The last invocation of each process: a completion need not repeat it. */
    private final Map<Datum, Map<String, Datum>> invoked = new HashMap<>();

    private EdnForm form;
    private long formLine;
    private boolean warned;
    /** The number of events before the first with a time; and the line of the first without one, 0 for none. */
    private long untimed;

    private long lineWithoutTime;
    private long latest;
    private Map<String, Datum> fields;
    private long line;

    EventBuilder(Spelling spelling, Shared shared, History.Builder history) {
        this.spelling = spelling;
        this.shared = shared;
        this.history = history;
    }

    /**
     * Adds the event of a line to the history, if it is a client's.
     *
     * @param said the {@link #FIELDS} of the line
     * @throws MalformedHistoryException when an event lacks something, or what it has cannot be read
     */
    void add(Map<String, Datum> said, long at) {
        fields = said;
        line = at;
        Event.Function f = FUNCTIONS.get(field("f").word());
        if (isClients(f != null)) {
            try {
                Event event = event(f);
                Datum index = field("index");
                history.add(event, index.isWhole() ? Long.valueOf(EdnText.of(index)) : null, line);
            } catch (IllegalArgumentException e) {
                throw malformed(e.getMessage());
            }
        }
    }

    private static <T> Map<String, T> byName(T[] values) {
        Map<String, T> byName = new LinkedHashMap<>();
        for (T value : values) {
            byName.put(value.toString(), value);
        }
        return byName;
    }

    private Datum field(String name) {
        return fields.getOrDefault(name, Datum.NIL);
    }

    private boolean isClients(boolean isRegisters) {
        Datum process = field("process");
        boolean isNemesis = process.word().equals("nemesis");
        if (!process.isKeyword() && !isNemesis) {
            return true;
        }
        // Another process of that name may be a client.
        boolean isJepsens = process.isKeyword() && isNemesis;
        return !isJepsens && (isRegisters || field("f").word().equals(TRANSACTION));
    }

    /** @param f null if it is no function of a register */
    private Event event(Event.Function f) {
        Datum process = required("process");
        if (!(process instanceof Datum.Text) && !(process instanceof Datum.Atom)) {
            throw malformed(spelling.word("process") + " is a name or a number, not " + spelling.of(process));
        }
        refuseTransactions(required("f"));
        if (f == null) {
            throw notOneOf("f", FUNCTIONS.keySet());
        }
        Event.Type type = TYPES.get(required("type").word());
        if (type == null) {
            throw notOneOf("type", TYPES.keySet());
        }
        if (type == Event.Type.INVOKE) {
            invoked.put(process, fields);
        }
        return keyed(f, type, process);
    }

    /** Finds what names the key, and what is left as the value. */
    private Event keyed(Event.Function f, Event.Type type, Datum process) {
        Datum key = field("key");
        Datum value = field("value");
        Map<String, Datum> begun = type == Event.Type.INVOKE ? Map.of() : invoked.getOrDefault(process, Map.of());
        if (key.isNil() && form == EdnForm.KEY_FIELD) {
            key = begun.getOrDefault("key", Datum.NIL);
        }
        if (value.isNil() && (form == EdnForm.TUPLE || f == Event.Function.CAS)) {
            value = begun.getOrDefault("value", Datum.NIL);
        }
        EdnForm found = form(key, f, value);
        if (form == null) {
            form = found;
            formLine = line;
        }
        if (form == EdnForm.REGISTER && found == EdnForm.TUPLE && !isTriple(f, value)) {
            warnOfPair(value);
        } else if (form != found) {
            throw malformed("this operation " + way(found) + ", and the one of line " + formLine + " " + way(form)
                    + "; a history keeps to one way");
        }
        if (form == EdnForm.TUPLE) {
            List<Datum> tuple = value.elements();
            key = tuple.get(0);
            value = tuple.size() == 2 ? tuple.get(1) : new Datum.Sequence(tuple.subList(1, tuple.size()));
        }
        return made(
                f,
                type,
                shared.processes.of(process),
                form == EdnForm.REGISTER ? REGISTER : shared.keys.of(key),
                value);
    }

    private void warnOfPair(Datum value) {
        if (!warned) {
            warned = true;
            history.warn(
                    line,
                    spelling.of(value)
                            + " is taken for a value, and not for a key and a value, as the operation of line "
                            + formLine + " names no key");
        }
    }

    private static EdnForm form(Datum key, Event.Function f, Datum value) {
        if (!key.isNil()) {
            return EdnForm.KEY_FIELD;
        }
        List<Datum> elements = value.elements();
        boolean isPair = elements != null && elements.size() == 2;
        // A cas of a single register has a pair too; in a tuple that pair is the second element, or stands after the
        // first.
        boolean isTuple = f == Event.Function.CAS
                ? isTriple(f, value) || isPair && elements.get(1).elements() != null
                : isPair;
        return isTuple ? EdnForm.TUPLE : EdnForm.REGISTER;
    }

    private static boolean isTriple(Event.Function f, Datum value) {
        return f == Event.Function.CAS
                && value.elements() != null
                && value.elements().size() == 3;
    }

    private String way(EdnForm of) {
        return switch (of) {
            case REGISTER -> "names no key";
            case TUPLE -> "has " + spelling.pair("key", "value") + " for its value";
            case KEY_FIELD -> "names its key in " + spelling.word("key");
        };
    }

    private Event made(Event.Function f, Event.Type type, String process, Key key, Datum value) {
        Datum single = value;
        Value expected = null;
        Boolean result = null;
        if (f == Event.Function.CAS) {
            List<Datum> pair = value.elements();
            if (pair == null || pair.size() != 2) {
                throw malformed(
                        "the value of a cas is " + spelling.pair("expected", "new") + ", not " + spelling.of(value));
            }
            expected = value(pair.get(0));
            single = pair.get(1);
            result = type == Event.Type.OK ? result() : null;
        }
        Datum node = field("node");
        Datum error = field("error");
        return new Event(
                time(),
                process,
                type,
                f,
                key,
                value(single),
                expected,
                result,
                version(field("version")),
                node.isNil() ? null : shared.nodes.ofNode(node),
                error.isNil()
                        ? null
                        : Unicode.escaped(error instanceof Datum.Text ? error.name() : spelling.of(error)));
    }

    private Value value(Datum datum) {
        return datum.isNil() ? null : spelling.value(datum);
    }

    private boolean result() {
        Datum result = field("result");
        String word = result.word();
        if (result instanceof Datum.Text || !result.isNil() && !word.equals("true") && !word.equals("false")) {
            throw malformed(spelling.word("result") + " is true or false, not " + spelling.of(result));
        }
        return !word.equals("false");
    }

    private static Version version(Datum version) {
        if (version.isNil()) {
            return null;
        }
        String text = version.name();
        return version.isWhole() || NUMBER.matcher(text).matches()
                ? Version.numbered(Long.parseLong(text))
                : Version.parse(text);
    }

    /** Events without times are numbered; in a history with times an event without one has that of the event before. */
    private long time() {
        Datum time = field("time");
        if (!time.isNil() && !time.isWhole()) {
            throw malformed(spelling.word("time") + " is a whole number of nanoseconds, not " + spelling.of(time));
        }
        if (!time.isNil()) {
            latest = Long.parseLong(EdnText.of(time));
            untimed = -1;
            return latest;
        }
        lineWithoutTime = lineWithoutTime == 0 ? line : lineWithoutTime;
        if (untimed >= 0) {
            latest = untimed++;
        }
        return latest;
    }

    /** @throws MalformedHistoryException when an event had no time */
    void requireTimes() {
        if (lineWithoutTime > 0) {
            throw history.malformed(
                    lineWithoutTime,
                    "there is no %s; files are put together by the times of their events, which are of one clock",
                    spelling.word("time"));
        }
    }

    private void refuseTransactions(Datum f) {
        boolean isNamed = f.word().equals(TRANSACTION);
        boolean looksLikeOne = !f.word().equals("cas")
                && field("key").isNil()
                && isMicroOperations(field("value").elements());
        if (isNamed || looksLikeOne) {
            throw malformed(
                    "this is a transaction, of reads and writes that happen as one, and the models judge operations"
                            + " that each read or write one key");
        }
    }

    private static boolean isMicroOperations(List<Datum> elements) {
        return elements != null
                && !elements.isEmpty()
                && elements.stream()
                        .map(Datum::elements)
                        .allMatch(it -> it != null
                                && it.size() == 3
                                && MICRO_OPERATIONS.contains(it.get(0).word()));
    }

    private Datum required(String name) {
        Datum value = field(name);
        if (value.isNil()) {
            throw malformed("there is no " + spelling.word(name));
        }
        return value;
    }

    private MalformedHistoryException notOneOf(String field, Set<String> words) {
        List<String> spelled = words.stream().map(spelling::word).toList();
        String all = spelled.subList(0, spelled.size() - 1).stream().collect(Collectors.joining(", ")) + " or "
                + spelled.get(spelled.size() - 1);
        return malformed(spelling.word(field) + " is " + all + ", not " + spelling.of(field(field)));
    }

    private MalformedHistoryException malformed(String problem) {
        return history.malformed(
                line, "%s, in %s; an operation looks like %s", problem, spelling.of(fields), spelling.example());
    }
}
