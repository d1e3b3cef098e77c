package io.orrery.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads histories: JSON lines, and Jepsen's EDN. Which of the two it is shows in the first characters. */
public final class HistoryReader {
    private static final int SNIFFED_CHARS = 4096;

    private HistoryReader() {}

    /**
     * Reads a file in UTF-8.
     *
     * @throws MalformedHistoryException when a line cannot be read or the events do not pair up
     * @throws IOException when the file cannot be read
     */
    public static History read(Path file) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            return read(in, file.getFileName().toString());
        }
    }

    /**
     * Reads to the end and leaves the reader open.
     *
     * @param source what messages call it
     * @throws MalformedHistoryException when a line cannot be read or the events do not pair up
     * @throws IOException when the reader fails
     */
    public static History read(Reader reader, String source) throws IOException {
        BufferedReader in = new BufferedReader(reader, 1 << 16);
        History.Builder history = History.builder(source);
        if (looksLikeEdn(in)) {
            new EdnHistory(in, source).readInto(history);
        } else {
            new JsonLines(source).readInto(in, history);
        }
        return history.build();
    }

    /** A line of JSON begins with a brace and a quote; everything else that a history can begin with is EDN. */
    private static boolean looksLikeEdn(BufferedReader in) throws IOException {
        in.mark(SNIFFED_CHARS);
        char[] start = new char[SNIFFED_CHARS];
        int length = 0;
        try {
            length = Math.max(in.read(start), 0);
        } catch (CharacterCodingException e) {
            // What reads it in earnest says so, with the line.
            return false;
        }
        in.reset();
        int i = skipBlank(start, 0, length);
        if (i == length) {
            return false;
        }
        if (start[i] != '{') {
            return start[i] == '[' || start[i] == '(' || start[i] == '#' || start[i] == ';';
        }
        i = skipBlank(start, i + 1, length);
        return i < length && start[i] == ':';
    }

    private static int skipBlank(char[] chars, int from, int to) {
        int i = from;
        while (i < to && (Character.isWhitespace(chars[i]) || chars[i] == '\uFEFF')) {
            i++;
        }
        return i;
    }
}
