package io.orrery.cli;

import io.orrery.model.Printable;
import io.orrery.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * What commands print on, for a terminal or a file: line ends and tabs go through as they are, and whatever else could command a
 * terminal as an escape. Within JSON the escape means the same letter.
 */
final class Terminal extends Writer {
    private final PrintWriter beneath;

    private Terminal(PrintWriter beneath) {
        this.beneath = beneath;
    }

    /** How wide it is, as run.sh tells; without end where nobody told. */
    static int columns() {
        return Integer.getInteger("orrery.columns", Integer.MAX_VALUE);
    }

    /** Of a table that fits the terminal; where texts do not, with a line that says how to see them. */
    static List<String> lines(Table table) {
        Table.Fitted fitted = table.fitted(columns());
        List<String> lines = new ArrayList<>(fitted.lines());
        if (fitted.isShortened()) {
            lines.add("What ends in … is longer; --json shows all of it.");
        }
        return lines;
    }

    static PrintWriter on(PrintWriter beneath) {
        return new PrintWriter(new Terminal(beneath), true);
    }

    private static boolean passes(char c) {
        return c == '\n' || c == '\t' || Printable.is(c);
    }

    @Override
    public void write(char[] letters, int from, int length) {
        int done = from;
        for (int i = from; i < from + length; i++) {
            if (!passes(letters[i])) {
                beneath.write(letters, done, i - done);
                beneath.write(Printable.escape(letters[i]));
                done = i + 1;
            }
        }
        beneath.write(letters, done, from + length - done);
    }

    @Override
    public void flush() {
        beneath.flush();
    }

    @Override
    public void close() throws IOException {
        beneath.close();
    }

    /** A line of somebody else's, which is to be printed between what has colours. */
    static String line(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars()
                .forEach(c -> shown.append(passes((char) c) ? String.valueOf((char) c) : Printable.escape((char) c)));
        return shown.toString();
    }
}
