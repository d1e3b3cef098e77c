package io.orrery.cli;

import io.orrery.model.Printable;
import io.orrery.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * A writer for a terminal or a file that escapes control characters other than line ends and tabs. Within JSON the
 * escape stands for the same character.
 */
final class Terminal extends Writer {
    private final PrintWriter beneath;

    private Terminal(PrintWriter beneath) {
        this.beneath = beneath;
    }

    /** The width that run.sh reports; unlimited if it does not. */
    static int columns() {
        return Integer.getInteger("orrery.columns", Integer.MAX_VALUE);
    }

    /** The lines of a table shortened to the terminal's width, with a hint if a cell was cut. */
    static List<String> lines(Table table) {
        Table.Fitted fitted = table.fitted(columns());
        List<String> lines = new ArrayList<>(fitted.lines());
        if (fitted.isShortened()) {
            lines.add("Texts that end in … are shortened; --json shows them in full.");
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

    /** A line of untrusted text, escaped for a writer that lets colours through. */
    static String line(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars()
                .forEach(c -> shown.append(passes((char) c) ? String.valueOf((char) c) : Printable.escape((char) c)));
        return shown.toString();
    }
}
