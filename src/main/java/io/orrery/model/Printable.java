package io.orrery.model;

/**
 * Texts of strangers as they may be shown on a terminal or in a log: who wrote them could else move the cursor, forge lines,
 * or turn the direction of what follows.
 */
public final class Printable {
    private Printable() {}

    /** The same text with all that is no letter to see as an escape, as JSON writes it in a string. */
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

    /** Neither a control character, nor one that ends a line or turns the direction of what follows. */
    public static boolean is(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A backslash, a {@code u} and four digits. */
    public static String escape(char c) {
        return String.format("\\u%04x", (int) c);
    }
}
