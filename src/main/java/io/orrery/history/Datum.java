package io.orrery.history;

import io.orrery.model.Value;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A parsed element of a file, not yet interpreted: EDN, which includes JSON. Two are equal if Clojure's {@code =} says
 * so: lists and vectors by their elements, sets and maps in any order, {@code 2/4} and {@code 1/2}, but not 1 and 1.0,
 * nor {@code :a} and {@code "a"}.
 */
sealed interface Datum {
    Datum NIL = new Atom("nil");

    /** How many digits fit into a long, whatever they are. */
    int MOST_DIGITS = String.valueOf(Long.MAX_VALUE).length() - 1;

    /**
     * An element given by its text alone: nil, true, a number, a keyword, a symbol, a character. The text is canonical.
     */
    record Atom(String text) implements Datum {}

    record Text(String content) implements Datum {}

    /** A list or a vector. */
    record Sequence(List<Datum> elements) implements Datum {}

    record Group(Set<Datum> members) implements Datum {}

    record Table(Map<Datum, Datum> entries) implements Datum {}

    record Tagged(String tag, Datum datum) implements Datum {}

    /** An element without a meaning, such as the number 08. It is an error only if it is used. */
    record Meaningless(String text, String problem) implements Datum {}

    default boolean isNil() {
        return this == NIL || this instanceof Atom atom && atom.text().equals("nil");
    }

    default boolean isKeyword() {
        return this instanceof Atom atom && atom.text().startsWith(":");
    }

    default boolean isNumber() {
        if (!(this instanceof Atom atom)) {
            return false;
        }
        int first = atom.text().startsWith("-") && atom.text().length() > 1 ? 1 : 0;
        return isDigit(atom.text().charAt(first));
    }

    /** Whether it is an integer that certainly fits into a long. */
    default boolean isWhole() {
        if (!isNumber()) {
            return false;
        }
        String text = ((Atom) this).text();
        for (int i = 1; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return text.length() <= MOST_DIGITS + (text.startsWith("-") ? 1 : 0);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The elements of a list or vector; null for anything else. */
    default List<Datum> elements() {
        return this instanceof Sequence sequence ? sequence.elements() : null;
    }

    /** A name for people: a text without its quotes. */
    default String name() {
        return this instanceof Text text ? text.content() : EdnText.of(this);
    }

    /** The bare word: {@code ok} for {@code :ok}, {@code "ok"} and {@code ok}. */
    default String word() {
        return isKeyword() ? ((Atom) this).text().substring(1) : name();
    }

    /** The type, which distinguishes elements of the same name. */
    default String kind() {
        if (this instanceof Atom) {
            return isNumber() ? "number" : isKeyword() ? "keyword" : "symbol";
        }
        return this instanceof Text ? "text" : "no text";
    }

    /** Whether it can be written as JSON. */
    default boolean isJson() {
        if (this instanceof Atom atom) {
            return isNumber()
                    ? atom.text().indexOf('/') < 0 && !atom.text().endsWith("M")
                    : isNil() || atom.text().equals("true") || atom.text().equals("false");
        }
        if (this instanceof Table table) {
            return areJson(table.entries().values())
                    && table.entries().keySet().stream().allMatch(Text.class::isInstance);
        }
        return this instanceof Text || this instanceof Sequence sequence && areJson(sequence.elements());
    }

    // A loop, because a stream would need far more stack for deep nesting.
    private static boolean areJson(Collection<Datum> data) {
        for (Datum datum : data) {
            if (!datum.isJson()) {
                return false;
            }
        }
        return true;
    }

    /** The JSON value; only if {@link #isJson}. */
    default Value json() {
        if (this instanceof Atom atom) {
            return isNil() ? Value.NULL : new Value(atom.text()).canonical();
        }
        StringBuilder out = new StringBuilder();
        json(this, out);
        return new Value(out.toString()).canonical();
    }

    private static void json(Datum datum, StringBuilder out) {
        if (datum instanceof Table table) {
            char before = '{';
            for (Map.Entry<Datum, Datum> entry : table.entries().entrySet()) {
                json(entry.getKey(), out.append(before));
                json(entry.getValue(), out.append(':'));
                before = ',';
            }
            out.append(table.entries().isEmpty() ? "{}" : "}");
        } else if (datum instanceof Sequence sequence) {
            char before = '[';
            for (Datum element : sequence.elements()) {
                json(element, out.append(before));
                before = ',';
            }
            out.append(sequence.elements().isEmpty() ? "[]" : "]");
        } else if (datum instanceof Text text) {
            out.append(Value.of(text.content()).json());
        } else {
            out.append(datum.isNil() ? "null" : ((Atom) datum).text());
        }
    }
}
