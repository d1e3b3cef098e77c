package io.orrery.history;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Reads histories: JSON lines, a JSON array, and Jepsen's EDN, each as it is or by gzip. The first bytes show which.
 */
public final class HistoryReader {
    private static final int SNIFFED_CHARS = 4096;
    private static final int BUFFER = 1 << 16;
    private static final int[] GZIP = {0x1f, 0x8b};

    private HistoryReader() {}

    /** The form of a file that begins with a brace or a bracket. */
    private enum Form {
        LINES,
        ARRAY,
        EDN
    }

    /**
     * Reads a file in UTF-8.
     *
     * @throws MalformedHistoryException when a line cannot be read or the events do not pair up
     * @throws IOException when the file cannot be read
     */
    public static History read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.getFileName().toString());
        }
    }

    /**
     * Reads UTF-8 to the end.
     *
     * @param source what messages call it
     * @throws MalformedHistoryException when a line cannot be read or the events do not pair up
     * @throws IOException when the stream fails
     */
    public static History read(InputStream in, String source) throws IOException {
        return read(text(in), source);
    }

    /**
     * Reads to the end and leaves the reader open.
     *
     * @param source what messages call it
     * @throws MalformedHistoryException when a line cannot be read or the events do not pair up
     * @throws IOException when the reader fails
     */
    public static History read(Reader reader, String source) throws IOException {
        return read(reader, source, new EventBuilder.Shared(), false);
    }

    /** As {@link #read}, with the names of other files; an event without a time is an error. */
    static History readTimed(InputStream in, String source, EventBuilder.Shared shared) throws IOException {
        return read(text(in), source, shared, true);
    }

    private static Reader text(InputStream stream) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stream, BUFFER);
        in.mark(GZIP.length);
        boolean gzip = in.read() == GZIP[0] && in.read() == GZIP[1];
        in.reset();
        // Unlike a charset, a decoder reports malformed UTF-8.
        return new InputStreamReader(gzip ? new GZIPInputStream(in, BUFFER) : in, StandardCharsets.UTF_8.newDecoder());
    }

    private static History read(Reader reader, String source, EventBuilder.Shared shared, boolean timed)
            throws IOException {
        BufferedReader in = new BufferedReader(reader, BUFFER);
        History.Builder history = History.builder(source);
        Form form = sniffed(in);
        EventBuilder events = new EventBuilder(form == Form.EDN ? Spelling.EDN : Spelling.JSON, shared, history);
        switch (form) {
            case LINES -> new JsonHistory(in, source, events).readLines();
            case ARRAY -> new JsonHistory(in, source, events).readArray();
            case EDN -> new EdnHistory(in, source, events).read();
        }
        if (timed) {
            events.requireTimes();
        }
        return history.build();
    }

    /** An object of JSON begins with a brace and a quote; everything else that a history can begin with is EDN. */
    private static Form sniffed(BufferedReader in) throws IOException {
        in.mark(SNIFFED_CHARS);
        char[] start = new char[SNIFFED_CHARS];
        int length = 0;
        try {
            // A pipe may return fewer bytes.
            for (int read = 0;
                    read >= 0 && length < start.length;
                    read = in.read(start, length, start.length - length)) {
                length += read;
            }
        } catch (CharacterCodingException e) {
            // The reader proper reports it, with the line.
        }
        in.reset();
        if (length > 0 && start[0] == '\uFEFF') {
            in.skip(1);
        }
        return form(start, length);
    }

    private static Form form(char[] start, int length) {
        int first = skipBlank(start, 0, length);
        if (first == length) {
            return Form.LINES;
        }
        int second = skipBlank(start, first + 1, length);
        char next = second < length ? start[second] : 0;
        switch (start[first]) {
            case '{':
                return next == ':' ? Form.EDN : Form.LINES;
            case '[':
                int third = next == '{' ? skipBlank(start, second + 1, length) : length;
                return third < length && start[third] == '"' ? Form.ARRAY : Form.EDN;
            default:
                return "(#;".indexOf(start[first]) >= 0 ? Form.EDN : Form.LINES;
        }
    }

    private static int skipBlank(char[] chars, int from, int to) {
        int i = from;
        while (i < to && (Character.isWhitespace(chars[i]) || chars[i] == '\uFEFF')) {
            i++;
        }
        return i;
    }
}
