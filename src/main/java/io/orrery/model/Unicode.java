package io.orrery.model;

/**
 * Whether a text can be encoded: an unpaired surrogate is a {@code char} but not a character, and has no UTF-8 form.
 */
public final class Unicode {
    private static final char LARGEST_OF_ONE_BYTE = 0xFF;

    private Unicode() {}

    /**
     * Finds an unpaired surrogate.
     *
     * @param from where to begin
     * @return its index; -1 if there is none
     */
    public static int unpairedSurrogate(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    /**
     * The heap bytes of a text's characters: the JVM stores a Latin-1 string with one byte per character, any other
     * with two.
     */
    public static long heapBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LARGEST_OF_ONE_BYTE) {
                return 2L * text.length();
            }
        }
        return text.length();
    }

    /**
     * The same text.
     *
     * @param what how the message calls it, such as {@code a process}
     * @throws IllegalArgumentException when it has an unpaired surrogate
     */
    public static String require(String what, String text) {
        if (unpairedSurrogate(text, 0) >= 0) {
            throw new IllegalArgumentException(what + " must be valid Unicode (it has an unpaired surrogate)");
        }
        return text;
    }

    /**
     * The same text with each unpaired surrogate as JSON and EDN write it in a string, with a backslash, a {@code u} and
     * four digits.
     */
    public static String escaped(String text) {
        int next = unpairedSurrogate(text, 0);
        if (next < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        int done = 0;
        for (; next >= 0; next = unpairedSurrogate(text, done)) {
            out.append(text, done, next).append("\\u").append(Integer.toHexString(text.charAt(next)));
            done = next + 1;
        }
        return out.append(text, done, text.length()).toString();
    }
}
