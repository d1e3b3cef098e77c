package io.orrery.history;

import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Reads EDN as Clojure's reader does, and also what older Clojures print and no reader accepts: {@code #<…>}, regular
 * expressions and vars. A malformed element, such as the number 08, becomes {@link Datum.Meaningless}, which is an
 * error only if it is used. Unbalanced brackets and quotes are errors.
 */
final class EdnReader {
    /** How deep elements may nest: a value as deep as in JSON, in a tuple, in a cas, in a map, in a vector, with tags. */
    private static final int DEEPEST = StreamReadConstraints.DEFAULT_MAX_DEPTH + 6;

    private static final Map<String, Character> NAMED =
            Map.of("newline", '\n', "return", '\r', "space", ' ', "tab", '\t', "backspace", '\b', "formfeed", '\f');

    /** Marks the end of a sequence. Never leaves this class. */
    private static final Map<Character, Datum> CLOSE =
            Map.of(')', new Datum.Atom(")"), ']', new Datum.Atom("]"), '}', new Datum.Atom("}"));

    private final PushbackReader in;
    private final String source;
    private long line = 1;
    private long startLine = 1;
    private int depth;
    /** The closing bracket of the vector or list around the elements that {@link #next} returns; 0 outside of one. */
    private char around;

    EdnReader(Reader in, String source) {
        this.in = new PushbackReader(in, 2);
        this.source = source;
    }

    /** The line on which the last element that {@link #next} returned began. */
    long startLine() {
        return startLine;
    }

    /** The next element, or null at the end of the input. Enters vectors and lists that contain elements. */
    Datum next() throws IOException {
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
            Datum element = read();
            if (isClose(element)) {
                throw malformed("a " + EdnText.of(element) + " closes nothing");
            }
            return element;
        }
        return null;
    }

    private static boolean isClose(Datum element) {
        return element instanceof Datum.Atom atom
                && atom.text().length() == 1
                && CLOSE.containsKey(atom.text().charAt(0));
    }

    /** An element, or what closes the sequence around it. */
    private Datum read() throws IOException {
        if (depth == DEEPEST) {
            throw malformed("elements nest more than " + DEEPEST + " deep; a value nests up to "
                    + StreamReadConstraints.DEFAULT_MAX_DEPTH + " deep");
        }
        depth++;
        Datum element = element(skipBlank());
        depth--;
        return element;
    }

    private Datum element(int c) throws IOException {
        switch (c) {
            case -1:
                throw malformed("the input ends inside an element; a bracket or quote is missing");
            case '[':
                return new Datum.Sequence(sequence(']'));
            case '(':
                return new Datum.Sequence(sequence(')'));
            case '{':
                return map("");
            case ')', ']', '}':
                return CLOSE.get((char) c);
            case '"':
                return string();
            case '\\':
                return character();
            case '^':
                return withoutMetadata();
            case '#':
                return dispatch();
            default:
                String token = token(c);
                return EdnNumbers.isNumber(token) ? EdnNumbers.read(token) : new Datum.Atom(token);
        }
    }

    private Datum dispatch() throws IOException {
        int c = in.read();
        switch (c) {
            case '{':
                return new Datum.Group(new LinkedHashSet<>(sequence('}')));
            case '"':
                return new Datum.Atom("#\"" + pattern() + '"');
            case '<':
                return unreadable();
            case ':':
                return namespaced(token(c));
            case '^':
                return withoutMetadata();
            case '#', '\'':
                return new Datum.Atom("#" + token(c));
            case '(':
                unread(c);
                return tagged("");
            default:
                return tagged(c < 0 ? "" : token(c));
        }
    }

    private Datum withoutMetadata() throws IOException {
        read();
        return read();
    }

    private Datum tagged(String tag) throws IOException {
        Datum element = read();
        if (isClose(element)) {
            throw malformed("the tag #" + tag + " has no element after it");
        }
        return new Datum.Tagged(tag, element);
    }

    /**
     * What old Clojures print for unreadable objects, as {@code #<E x -> y>}: ends at a &gt; before a space or bracket
     * that is not part of an arrow.
     */
    private Datum unreadable() throws IOException {
        StringBuilder text = new StringBuilder("#<");
        int before = 0;
        for (int c = readChar(); ; c = readChar()) {
            text.append((char) c);
            boolean isArrow = before == '-' || before == '=';
            before = c;
            if (c == '>' && !isArrow) {
                int next = in.read();
                unread(next);
                if (next < 0 || isBlank(next) || ")]}".indexOf(next) >= 0) {
                    return new Datum.Atom(text.toString());
                }
            }
        }
    }

    private Datum namespaced(String namespace) throws IOException {
        if (skipBlank() != '{') {
            throw malformed("a map comes after #" + namespace);
        }
        return map(namespace.replaceFirst("^:+", "") + "/");
    }

    private List<Datum> sequence(char end) throws IOException {
        List<Datum> elements = new ArrayList<>();
        long opened = line;
        for (Datum element = read(); ; element = read()) {
            if (element == CLOSE.get(end)) {
                return elements;
            }
            if (isClose(element)) {
                throw malformed("a " + EdnText.of(element) + " where the " + end + " of line " + opened + " is due");
            }
            elements.add(element);
        }
    }

    /** @param namespace of its keywords and symbols that have none, with a slash; empty for none */
    private Datum map(String namespace) throws IOException {
        List<Datum> elements = sequence('}');
        if (elements.size() % 2 != 0) {
            throw malformed("a map needs a value for each key");
        }
        Map<Datum, Datum> map = new LinkedHashMap<>();
        for (int i = 0; i < elements.size(); i += 2) {
            Datum key = elements.get(i);
            map.put(namespace.isEmpty() ? key : qualified(key, namespace), elements.get(i + 1));
        }
        return new Datum.Table(map);
    }

    private static Datum qualified(Datum key, String namespace) {
        if (!(key instanceof Datum.Atom atom)
                || !key.isKeyword() && !Character.isLetter(atom.text().charAt(0))) {
            return key;
        }
        String colon = key.isKeyword() ? ":" : "";
        String name = atom.text().substring(colon.length());
        return name.startsWith("_/")
                ? new Datum.Atom(colon + name.substring(2))
                : name.indexOf('/') >= 0 ? key : new Datum.Atom(colon + namespace + name);
    }

    private Datum string() throws IOException {
        StringBuilder text = new StringBuilder();
        String problem = null;
        for (int c = readChar(); c != '"'; c = readChar()) {
            if (c != '\\') {
                text.append((char) c);
                continue;
            }
            c = readChar();
            int meant = escaped(c);
            problem = meant < 0 ? "a string has no escape \\" + (char) c : problem;
            text.append((char) (meant < 0 ? c : meant));
        }
        return problem == null
                ? new Datum.Text(text.toString())
                : new Datum.Meaningless('"' + text.toString() + '"', problem);
    }

    /** A regular expression, in which a backslash is literal. */
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

    /** The character that an escape stands for; negative if there is no such escape. */
    private int escaped(int c) throws IOException {
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
                return c;
            case 'u':
                StringBuilder hex = new StringBuilder();
                for (int i = 0; i < 4; i++) {
                    hex.append((char) readChar());
                }
                try {
                    return Integer.parseInt(hex.toString(), 16);
                } catch (NumberFormatException e) {
                    throw malformed("\\u is followed by four hexadecimal digits, not " + hex);
                }
            default:
                return c >= '0' && c <= '7' ? octal(c) : -1;
        }
    }

    /** One to three octal digits. */
    private int octal(int first) throws IOException {
        int value = first - '0';
        for (int i = 0; i < 2; i++) {
            int c = in.read();
            if (c < '0' || c > '7') {
                unread(c);
                break;
            }
            value = value * 8 + c - '0';
        }
        return value;
    }

    /** The character after the backslash is taken literally, even a bracket or a quote. */
    private Datum character() throws IOException {
        String name = token(readChar());
        int c = name.codePointCount(0, name.length()) == 1
                ? name.codePointAt(0)
                : NAMED.containsKey(name) ? NAMED.get(name) : numbered(name);
        if (c < 0) {
            return new Datum.Meaningless("\\" + name, "\\" + name + " is no character");
        }
        String spelled = NAMED.entrySet().stream()
                .filter(it -> it.getValue() == c)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Character.isISOControl(c) ? EdnText.escape(c).substring(1) : Character.toString(c));
        return new Datum.Atom("\\" + spelled);
    }

    /** {@code u0041} or {@code o101}; negative for what is neither. */
    private static int numbered(String name) {
        return name.matches("u[0-9a-fA-F]{4}")
                ? Integer.parseInt(name.substring(1), 16)
                : name.matches("o[0-3]?[0-7]{1,2}") ? Integer.parseInt(name.substring(1), 8) : -1;
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
        while (c >= 0 && !isBlank(c) && "[](){}\";\\^".indexOf(c) < 0) {
            text.append((char) c);
            c = in.read();
        }
        unread(c);
        return text.toString();
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
                if (isClose(read())) {
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
