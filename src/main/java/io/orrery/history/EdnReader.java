package io.orrery.history;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads EDN, as far as histories use it: nil, booleans, numbers, strings, characters, keywords, symbols, lists, vectors,
 * maps and sets, with comments, discards and tags (which are passed over, the tagged value stays).
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

    /** What closes a sequence; never leaves this class. */
    private record Close(char character) {}

    private final PushbackReader in;
    private final String source;
    private long line = 1;
    private long startLine = 1;

    EdnReader(Reader in, String source) {
        this.in = new PushbackReader(in, 1);
        this.source = source;
    }

    /** The line on which the last element that {@link #next} returned began. */
    long startLine() {
        return startLine;
    }

    /** Steps into a vector or list that holds everything else; without one nothing happens. */
    boolean enter() throws IOException {
        int c = skipBlank();
        if (c == '[' || c == '(') {
            return true;
        }
        unread(c);
        return false;
    }

    /** The next element, or null at the end of the input or of the vector that was entered. */
    Object next(boolean entered) throws IOException {
        int c = skipBlank();
        startLine = line;
        if (c < 0 && !entered) {
            return null;
        }
        unread(c);
        Object element = read();
        if (element instanceof Close close) {
            if (entered && close.character() != '}') {
                return null;
            }
            throw malformed("a " + close.character() + " closes nothing");
        }
        return element;
    }

    private Object read() throws IOException {
        int c = skipBlank();
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
        if (c == '{') {
            return sequence('}');
        }
        if (c == '_') {
            read();
            return read();
        }
        token(c);
        return read();
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

    private Number number(String token) {
        String text = token.startsWith("+") ? token.substring(1) : token;
        text = text.endsWith("N") || text.endsWith("M") ? text.substring(0, text.length() - 1) : text;
        if (!text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
            throw malformed(token + " is not a number");
        }
        return new Number(text);
    }

    /** Passes over white space, commas and comments, and returns the character after them. */
    private int skipBlank() throws IOException {
        int c = in.read();
        while (c >= 0 && (isBlank(c) || c == ';')) {
            if (c == ';') {
                while (c >= 0 && c != '\n') {
                    c = in.read();
                }
            }
            if (c == '\n') {
                line++;
            }
            c = c < 0 ? c : in.read();
        }
        return c;
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
