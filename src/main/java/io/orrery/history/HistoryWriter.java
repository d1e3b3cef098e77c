package io.orrery.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a history event by event, as the run goes. Not for several threads at once.
 *
 * <p>Closing it closes what it writes to. A failing disk is an {@link UncheckedIOException}.
 */
public abstract class HistoryWriter implements AutoCloseable {
    private final Writer out;
    private final StringBuilder text = new StringBuilder(256);

    HistoryWriter(Writer out) {
        this.out = out;
    }

    /** Writes JSON lines. */
    public static HistoryWriter jsonLines(Writer out) {
        return new JsonLinesWriter(out);
    }

    /** Writes JSON lines to a new or emptied file. */
    public static HistoryWriter jsonLines(Path file) {
        return jsonLines(open(file));
    }

    /** Writes Jepsen's EDN, one map a line. */
    public static HistoryWriter edn(Writer out, EdnForm form) {
        return new EdnWriter(out, form);
    }

    /** Writes Jepsen's EDN to a new or emptied file. */
    public static HistoryWriter edn(Path file, EdnForm form) {
        return edn(open(file), form);
    }

    private static Writer open(Path file) {
        try {
            return new BufferedWriter(Files.newBufferedWriter(file), 1 << 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends one event: a line. */
    public final void append(Event event) {
        text.setLength(0);
        print(event, text);
        text.append('\n');
        try {
            out.append(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends all events of a history. */
    public final void append(History history) {
        history.events().forEach(this::append);
    }

    public final void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends the event to the text, without the end of the line. */
    abstract void print(Event event, StringBuilder to);
}
