package io.orrery.history;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Unicode;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.Locale;
import java.util.Objects;

/**
 * One line of a history: a client invoked an operation, or an operation came back.
 *
 * <p>A null value means that the key is absent. Histories do not distinguish the JSON value {@code null} from absence,
 * so {@link Value#NULL} becomes null here.
 *
 * @param time nanoseconds since some start; the order of the events, not this number, says what came first
 * @param process the client: it has one operation open at a time
 * @param value the value written or read; for a cas the new value; null if unknown or absent
 * @param expected the value that a cas compares with; null in all other operations and if absence is expected
 * @param result whether the comparison of an {@code ok} cas matched; null in all other events
 * @param version the version that an {@code ok} write made, or an {@code ok} read or cas that did not match saw; for the invocation
 *     of a cas the version that it compares with, if it does not compare with a value; null where none was recorded
 * @param node the replica that was asked; null where none was recorded
 * @param error why an operation failed or why the outcome is unknown; null if not recorded
 */
public record Event(
        long time,
        String process,
        Type type,
        Function f,
        Key key,
        Value value,
        Value expected,
        Boolean result,
        Version version,
        NodeId node,
        String error) {

    /** Whether an operation begins here, or how it ended. */
    public enum Type {
        INVOKE,
        /** It happened. */
        OK,
        /** It did not happen and never will. */
        FAIL,
        /** Unknown: it may take effect at any later time, or never. */
        INFO;

        private final String text = name().toLowerCase(Locale.ROOT);

        @Override
        public String toString() {
            return text;
        }
    }

    /** The function of an operation. */
    public enum Function {
        READ,
        WRITE,
        /** Compare and set: writes the new value if it finds the expected one. */
        CAS,
        /** A write of absence. */
        DELETE;

        private final String text = name().toLowerCase(Locale.ROOT);

        @Override
        public String toString() {
            return text;
        }
    }

    public Event {
        Unicode.require("a process", Objects.requireNonNull(process, "process"));
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(f, "f");
        Objects.requireNonNull(key, "key");
        if (error != null) {
            Unicode.require("an error", error);
        }
        value = f == Function.DELETE ? null : orAbsent(value);
        expected = orAbsent(expected);
        if (f != Function.CAS && (expected != null || result != null)) {
            throw new IllegalArgumentException("only a cas has an expected value and a result, not a " + f);
        }
    }

    private static Value orAbsent(Value value) {
        return value != null && value.equals(Value.NULL) ? null : value;
    }

    /** A read, write or delete begins; the value is that of a write and null otherwise. */
    public static Event invoke(long time, String process, Function f, Key key, Value value) {
        return new Event(time, process, Type.INVOKE, f, key, value, null, null, null, null, null);
    }

    public static Event invokeRead(long time, String process, Key key) {
        return invoke(time, process, Function.READ, key, null);
    }

    public static Event invokeWrite(long time, String process, Key key, Value value) {
        return invoke(time, process, Function.WRITE, key, value);
    }

    public static Event invokeDelete(long time, String process, Key key) {
        return invoke(time, process, Function.DELETE, key, null);
    }

    public static Event invokeCas(long time, String process, Key key, Value expected, Value value) {
        return new Event(time, process, Type.INVOKE, Function.CAS, key, value, expected, null, null, null, null);
    }

    /**
     * A cas begins that compares with a version.
     *
     * @param expected null where the key is to be absent
     * @param value null to delete it
     */
    public static Event invokeCasOf(long time, String process, Key key, Version expected, Value value) {
        return new Event(time, process, Type.INVOKE, Function.CAS, key, value, null, null, expected, null, null);
    }

    /** A read, write or delete happened; the value is the one read or written, the version may be null. */
    public static Event ok(long time, String process, Function f, Key key, Value value, Version version) {
        return new Event(time, process, Type.OK, f, key, value, null, null, version, null, null);
    }

    /** A cas returned; {@code result} says whether the comparison matched, which is an observation in either case. */
    public static Event okCas(long time, String process, Key key, Value expected, Value value, boolean result) {
        return new Event(time, process, Type.OK, Function.CAS, key, value, expected, result, null, null, null);
    }

    /**
     * The end of the cas that this event began.
     *
     * @param matched whether the comparison matched
     * @param made the version that was made, or found where it did not match; null for none
     */
    public Event compared(long at, boolean matched, Version made) {
        return new Event(at, process, Type.OK, f, key, value, expected, matched, made, node, null);
    }

    /** The same operation, which compares with this value. */
    Event comparingWith(Value content) {
        return new Event(time, process, type, f, key, value, content, result, version, node, error);
    }

    /** This event of a cas, for one of a write without a comparison. */
    Event withoutComparison() {
        return new Event(
                time,
                process,
                type,
                value == null ? Function.DELETE : Function.WRITE,
                key,
                value,
                null,
                null,
                type == Type.INVOKE ? null : version,
                node,
                error);
    }

    /** This end of an operation, for one that says nothing. */
    Event withoutEffect(String why) {
        return new Event(time, process, Type.FAIL, f, key, value, expected, null, null, node, why);
    }

    /** The end of the operation that this event began: it did not happen. */
    public Event fail(long time, String error) {
        return ended(Type.FAIL, time, error);
    }

    /** The end of the operation that this event began: the outcome is unknown. */
    public Event info(long time, String error) {
        return ended(Type.INFO, time, error);
    }

    private Event ended(Type end, long at, String why) {
        if (type != Type.INVOKE) {
            throw new IllegalStateException("only an invocation can end, not: " + this);
        }
        return new Event(at, process, end, f, key, value, expected, null, null, node, why);
    }

    /** This event, done by another process. */
    Event by(String other) {
        return new Event(time, other, type, f, key, value, expected, result, version, node, error);
    }

    /** This event with canonical values. */
    Event canonical() {
        Value one = value == null ? null : value.canonical();
        Value compared = expected == null ? null : expected.canonical();
        return one == value && compared == expected
                ? this
                : new Event(time, process, type, f, key, one, compared, result, version, node, error);
    }

    /** This event, asked of or answered by the given replica. */
    public Event at(NodeId replica) {
        return new Event(time, process, type, f, key, value, expected, result, version, replica, error);
    }
}
