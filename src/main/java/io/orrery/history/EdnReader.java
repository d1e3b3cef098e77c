package io.orrery.history;

import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads EDN, as far as histories use it: nil, booleans, numbers, strings, characters, keywords, symbols, lists, vectors,
 * maps and sets, with comments, discards and tags (which are passed over, the tagged value stays). What JSON has no form
 * for (ratios, {@code ##Inf}, regular expressions, vars) is read as text.
 *
 * <p>nil is {@link #NIL}, a number keeps its text, a sequence of any kind is a {@link List}, a map a {@link Map}.
 */
final class EdnReader {
    /** The value nil: null means the end of the input. */
    static final Object NIL = new Object() {
        @Override
        public String toString() {
            return "nil";
        }
    };

    /** {@code :name}. */
    record Keyword(String name) {
        @Override
        public String toString() {
            return ":" + name;
        }
    }

    /** A number, as JSON writes it. */
    record Number(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** How deep elements may nest: a value as deep as in JSON, in a tuple, in a cas, in a map, in a vector, with tags. */
    private static final int DEEPEST = StreamReadConstraints.DEFAULT_MAX_DEPTH + 6;

    /** What closes a sequence; never leaves this class. */
    private record Close(char character) {}

    private final PushbackReader in;
    private final String source;
    private long line = 1;
    private long startLine = 1;
    private int depth;
    /** What closes the vector or list around the elements that {@link #next} returns; 0 outside. */
    private char around;

    EdnReader(Reader in, String source) {
        this.in = new PushbackReader(in, 2);
        this.source = source;
    }

    /** The line on which the last element that {@link #next} returned began. */
    long startLine() {
        return startLine;
    }

    /** The next element, or null at the end of the input. Elements may stand in vectors or lists, which are stepped into. */
    Object next() throws IOException {
        for (int c = skipBlank(); c >= 0 || around != 0; c = skipBlank()) {
            startLine = line;
            if (around == 0 && (c == '[' || c == '(')) {
                around = c == '[' ? ']' : ')';
                continue;
            }
            if (around != 0 && c == around) {
                around = 0;
                continue;
            }
            unread(c);
            Object element = read();
            if (element instanceof Close close) {
                throw malformed("a " + close.character() + " closes nothing");
            }
            return element;
        }
        return null;
    }

    private Object read() throws IOException {
        if (depth == DEEPEST) {
            throw malformed("elements nest more than " + DEEPEST + " deep; a value nests up to "
                    + StreamReadConstraints.DEFAULT_MAX_DEPTH + " deep");
        }
        depth++;
        Object element = element(skipBlank());
        depth--;
        return element;
    }

    private Object element(int c) throws IOException {
        switch (c) {
            case -1:
                throw malformed("the input ends inside an element; a bracket or quote is missing");
            case '[':
                return sequence(']');
            case '(':
                return sequence(')');
            case '{':
                return map();
            case ')', ']', '}':
                return new Close((char) c);
            case '"':
                return string();
            case '\\':
                return token(c).substring(1);
            case '#':
                return dispatch();
            default:
                return atom(token(c));
        }
    }

    private Object dispatch() throws IOException {
        int c = in.read();
        switch (c) {
            case '{':
                return sequence('}');
            case '"':
                return pattern();
            case '#', '\'':
                // ##Inf and #'var: JSON has nothing like them, so they stay text.
                return "#" + token(c);
            default:
                token(c);
                return read();
        }
    }

    private List<Object> sequence(char end) throws IOException {
        List<Object> elements = new ArrayList<>();
        long opened = line;
        for (Object element = read(); ; element = read()) {
            if (element instanceof Close close) {
                if (close.character() == end) {
                    return elements;
                }
                throw malformed("a " + close.character() + " where the " + end + " of line " + opened + " is due");
            }
            elements.add(element);
        }
    }

    private Map<Object, Object> map() throws IOException {
        List<Object> elements = sequence('}');
        if (elements.size() % 2 != 0) {
            throw malformed("a map needs a value for each key");
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < elements.size(); i += 2) {
            map.put(elements.get(i), elements.get(i + 1));
        }
        return map;
    }

    private String string() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = readChar(); c != '"'; c = readChar()) {
            text.append(c == '\\' ? escaped() : (char) c);
        }
        return text.toString();
    }

    /** A regular expression, of which a backslash is a part. */
    private String pattern() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = readChar(); c != '"'; c = readChar()) {
            text.append((char) c);
            if (c == '\\') {
                text.append((char) readChar());
            }
        }
        return text.toString();
    }

    private char escaped() throws IOException {
        int c = readChar();
        switch (c) {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case '"', '\\':
                return (char) c;
            case 'u':
                StringBuilder hex = new StringBuilder();
                for (int i = 0; i < 4; i++) {
                    hex.append((char) readChar());
                }
                try {
                    return (char) Integer.parseInt(hex.toString(), 16);
                } catch (NumberFormatException e) {
                    throw malformed("\\u is followed by four hexadecimal digits, not " + hex);
                }
            default:
                throw malformed("a string has no escape \\" + (char) c);
        }
    }

    private int readChar() throws IOException {
        int c = in.read();
        if (c < 0) {
            throw malformed("the input ends inside a string; its quote is missing");
        }
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private String token(int first) throws IOException {
        StringBuilder text = new StringBuilder().append((char) first);
        int c = in.read();
        while (c >= 0 && !isBlank(c) && "[](){}\";".indexOf(c) < 0) {
            text.append((char) c);
            c = in.read();
        }
        unread(c);
        return text.toString();
    }

    private Object atom(String token) {
        switch (token) {
            case "nil":
                return NIL;
            case "true":
                return Boolean.TRUE;
            case "false":
                return Boolean.FALSE;
            default:
                if (token.startsWith(":")) {
                    return new Keyword(token.substring(1));
                }
                return isNumber(token) ? number(token) : token;
        }
    }

    private static boolean isNumber(String token) {
        char c = token.charAt(0);
        boolean signed = (c == '-' || c == '+') && token.length() > 1;
        return Character.isDigit(signed ? token.charAt(1) : c);
    }

    /** A number; a ratio stays text, as JSON has none. */
    private Object number(String token) {
        String text = token.startsWith("+") ? token.substring(1) : token;
        text = text.endsWith("N") || text.endsWith("M") ? text.substring(0, text.length() - 1) : text;
        if (text.matches("-?[0-9]+/[0-9]+")) {
            return text;
        }
        if (!text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
            throw malformed(token + " is not a number");
        }
        return new Number(text);
    }

    /** Passes over white space, commas, comments and discarded elements, and returns the character after them. */
    private int skipBlank() throws IOException {
        for (int c = in.read(); ; c = in.read()) {
            if (c == ';') {
                while (c >= 0 && c != '\n') {
                    c = in.read();
                }
            }
            if (c == '\n') {
                line++;
            } else if (c == '#' && discards()) {
                if (read() instanceof Close) {
                    throw malformed("a #_ has no element after it to discard");
                }
            } else if (!isBlank(c)) {
                return c;
            }
        }
    }

    /** Whether the # that was read is that of a discard, and if so steps over it. */
    private boolean discards() throws IOException {
        int c = in.read();
        if (c != '_') {
            unread(c);
        }
        return c == '_';
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || c == ',' || c == '\uFEFF';
    }

    private void unread(int c) throws IOException {
        if (c >= 0) {
            in.unread(c);
        }
    }

    MalformedHistoryException malformed(String problem) {
        return new MalformedHistoryException(source, line, problem);
    }
}
