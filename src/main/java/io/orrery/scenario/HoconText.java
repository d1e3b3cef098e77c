package io.orrery.scenario;

import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Pieces of HOCON as people write it: no quotes where none are needed. */
final class HoconText {
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    /** Numbers that read back as they are written. */
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
    /** Numbers, and times with them, such as {@code 1.5s} or {@code 1ms..5ms}. */
    private static final Pattern MEASURE = Pattern.compile("[0-9]+(\\.[0-9]+)?[a-z]*(\\.\\.[0-9]+(\\.[0-9]+)?[a-z]*)?");

    /** Words that would be read as something else, or as an order to the reader. */
    private static final List<String> RESERVED = List.of("true", "false", "null", "on", "off", "yes", "no", "include");

    private final List<String> parts = new ArrayList<>();

    /** Adds {@code key = text}. */
    HoconText put(String key, String text) {
        parts.add(key + " = " + text);
        return this;
    }

    /** Adds {@code key = text} if a value is not the one that holds where it is left out. */
    <T> HoconText differing(String key, T value, T usual, String text) {
        return value.equals(usual) ? this : put(key, text);
    }

    /** Adds {@code key { … }} if there is something to say. */
    HoconText object(String key, HoconText inner) {
        if (!inner.isEmpty()) {
            parts.add(key + " " + inner);
        }
        return this;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** {@code { a = 1, b = 2 }}. */
    @Override
    public String toString() {
        return parts.isEmpty() ? "{}" : "{ " + String.join(", ", parts) + " }";
    }

    /** A name or another text. */
    static String text(String text) {
        boolean isPlain = WORD.matcher(text).matches() && !RESERVED.contains(text)
                || NUMBER.matcher(text).matches();
        return isPlain ? text : quoted(text);
    }

    /** A text that stands for a key, where dots would make a path of it. */
    static String key(String text) {
        return text(text);
    }

    /** A time, a delay, or a number of messages. */
    static String measure(Object measure) {
        String text = measure.toString();
        return MEASURE.matcher(text).matches() ? text : quoted(text);
    }

    static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9 ? Long.toString((long) number) : "" + number;
    }

    /** JSON is HOCON, and a text that is one word needs no quotes. */
    static String value(Value value) {
        String json = value.json();
        if (!json.startsWith("\"") || json.indexOf('\\') >= 0) {
            return json;
        }
        String content = json.substring(1, json.length() - 1);
        return WORD.matcher(content).matches() && !RESERVED.contains(content) ? content : json;
    }

    static String quoted(String text) {
        return Value.of(text).json();
    }

    static String list(List<?> items) {
        return items.stream().map(item -> text(item.toString())).collect(Collectors.joining(", ", "[", "]"));
    }
}
