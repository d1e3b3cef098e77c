package io.orrery.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a history event by event, during the run. Not thread-safe.
 *
 * <p>Closing it closes what it writes to. A write error is an {@link UncheckedIOException}.
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

    /**
     * Writes JSON lines to a new or emptied file.
     *
     * @throws UncheckedIOException if it cannot be written, or another writer has it open, in this process or another;
     *     its content then stays
     */
    public static HistoryWriter jsonLines(Path file) {
        return jsonLines(open(file));
    }

    /** Writes Jepsen's EDN, one map a line. */
    public static HistoryWriter edn(Writer out, EdnForm form) {
        return new EdnWriter(out, form);
    }

    /** Writes Jepsen's EDN to a new or emptied file, under the same conditions. */
    public static HistoryWriter edn(Path file, EdnForm form) {
        return edn(open(file), form);
    }

    private static Writer open(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                claim(channel, file);
                return new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), 1 << 16);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empties a file that no other writer has open, and holds it until the channel is closed. */
    private static void claim(FileChannel channel, Path file) throws IOException {
        if (!lock(channel)) {
            throw new FileSystemException(
                    file.toString(), null, "it is in use: another history is being written to it");
        }
        // Pipes have no size and cannot be truncated.
        if (channel.size() > 0) {
            channel.truncate(0);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            // Locks a byte beyond any history, so that mandatory locks do not block readers.
            return channel.tryLock(Long.MAX_VALUE - 1, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false;
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
