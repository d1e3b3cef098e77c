package io.orrery.report;

/** Text in HTML and SVG. */
public final class Markup {
    private Markup() {}

    /** Escapes a text for element content and attribute values. */
    public static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(character -> {
            switch (character) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                // XML has no other control characters, not even escaped.
                default -> escaped.appendCodePoint(isAllowed(character) ? character : '\ufffd');
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int character) {
        return character >= 0x20
                        && (character < 0xd800 || character > 0xdfff)
                        && character != 0xfffe
                        && character != 0xffff
                || character == '\t'
                || character == '\n';
    }
}
