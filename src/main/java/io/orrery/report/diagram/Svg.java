package io.orrery.report.diagram;

import io.orrery.report.Markup;
import java.util.Locale;

/** Writes SVG, element by element. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /** A number with as many decimals as are visible. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** Adds a line as it is. */
    Svg raw(String line) {
        out.append(line).append('\n');
        return this;
    }

    /** Opens a group with a tooltip. */
    Svg group(String type, String tooltip) {
        return raw("<g class=\"" + type + "\"><title>" + Markup.escaped(tooltip) + "</title>");
    }

    Svg end() {
        return raw("</g>");
    }

    Svg line(String type, double x1, double y1, double x2, double y2) {
        return raw("<line class=\"" + type + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2)
                + "\" y2=\"" + number(y2) + "\"/>");
    }

    Svg rect(String type, double x, double y, double width, double height, double radius) {
        return raw("<rect class=\"" + type + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\""
                + number(width) + "\" height=\"" + number(height) + "\" rx=\"" + number(radius) + "\"/>");
    }

    Svg circle(String type, double x, double y, double radius) {
        return raw("<circle class=\"" + type + "\" cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\""
                + number(radius) + "\"/>");
    }

    Svg path(String type, String d) {
        return raw("<path class=\"" + type + "\" d=\"" + d + "\"/>");
    }

    /** @param y the baseline */
    Svg text(String type, double size, double x, double y, String text) {
        return raw("<text class=\"" + type + "\" font-size=\"" + number(size) + "\" x=\"" + number(x) + "\" y=\""
                + number(y) + "\">" + Markup.escaped(text) + "</text>");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
