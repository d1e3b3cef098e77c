package io.orrery.model;

/**
 * Makes untrusted text safe for a terminal or a log: otherwise it could move the cursor, forge lines, or reverse the
 * direction of the text that follows.
 */
public final class Printable {
    private Printable() {}

    /** The text with each unprintable character escaped as in a JSON string. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!is(text.charAt(i))) {
                return escaped(text, i);
            }
        }
        return text;
    }

    private static String escaped(String text, int from) {
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(is(c) ? String.valueOf(c) : escape(c));
        }
        return out.toString();
    }

    /** Whether the character is printable: no control character, line separator or direction override. */
    public static boolean is(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** The JSON escape: a backslash, a {@code u} and four hexadecimal digits. */
    public static String escape(char c) {
        return String.format("\\u%04x", (int) c);
    }
}
