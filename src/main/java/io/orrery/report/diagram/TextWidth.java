package io.orrery.report.diagram;

/** Estimates the width of text in a common sans-serif font, generously, because the reader's font is not known. */
final class TextWidth {
    private static final String NARROW = "iljtfrI.,:;'|![]() ";
    private static final String WIDE = "mwMW@→…=";

    private TextWidth() {}

    /** @param size the size of the font, in the unit of the result */
    static double of(String text, double size) {
        return size * text.codePoints().mapToDouble(TextWidth::of).sum();
    }

    private static double of(int character) {
        if (NARROW.indexOf(character) >= 0) {
            return 0.38;
        }
        if (WIDE.indexOf(character) >= 0 || character > 0x2fff) {
            return 1;
        }
        return Character.isUpperCase(character) ? 0.72 : 0.6;
    }

    /** The text, or as much of its beginning as fits, with an ellipsis. */
    static String fitted(String text, double size, double width) {
        if (of(text, size) <= width) {
            return text;
        }
        int end = text.length();
        while (end > 0 && of(text.substring(0, end) + "…", size) > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end) + "…";
    }
}
