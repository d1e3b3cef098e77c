package io.orrery.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Finds the bracket without a partner in the text of a HOCON file. The parser complains where it cannot go on, which may be
 * many lines below the bracket that was left open.
 */
final class Brackets {
    private final String text;
    private final Deque<Open> open = new ArrayDeque<>();
    private int line = 1;

    private record Open(char bracket, int line) {
        char partner() {
            return bracket == '{' ? '}' : ']';
        }
    }

    private Brackets(String text) {
        this.text = text;
    }

    /** {@code LINE: what is wrong} of the first bracket that has no partner, if there is one. */
    static Optional<String> problem(String text) {
        return Optional.ofNullable(new Brackets(text).scan());
    }

    private String scan() {
        for (int at = 0; at < text.length(); ) {
            char c = text.charAt(at);
            if (c == '"') {
                int end = endOfString(at);
                if (end < 0) {
                    // From here on it cannot be told what is in quotes.
                    return null;
                }
                text.substring(at, end).chars().filter(it -> it == '\n').forEach(it -> line++);
                at = end;
            } else if (c == '#' || text.startsWith("//", at)) {
                at = endOfLine(at);
            } else {
                if (c == '\n') {
                    line++;
                } else if (c == '{' || c == '[') {
                    open.push(new Open(c, line));
                } else if (c == '}' || c == ']') {
                    String problem = close(c);
                    if (problem != null) {
                        return problem;
                    }
                }
                at++;
            }
        }
        return open.isEmpty() ? null : missing("the end of the file");
    }

    private String close(char bracket) {
        if (open.isEmpty()) {
            return line + ": there is no '" + (bracket == '}' ? '{' : '[') + "' that the '" + bracket
                    + "' here would close";
        }
        if (open.peek().partner() != bracket) {
            return missing("the '" + bracket + "' of line " + line);
        }
        open.pop();
        return null;
    }

    private String missing(String where) {
        Open last = open.peek();
        return last.line() + ": the '" + last.bracket() + "' of this line is still open at " + where + "; a '"
                + last.partner() + "' is missing between them";
    }

    /** Where the text in quotes that begins here ends; negative where it does not. */
    private int endOfString(int start) {
        if (text.startsWith("\"\"\"", start)) {
            int end = text.indexOf("\"\"\"", start + 3);
            // Quotes beyond the third belong to the text.
            while (end >= 0 && text.startsWith("\"", end + 3)) {
                end++;
            }
            return end < 0 ? end : end + 3;
        }
        for (int at = start + 1; at < text.length() && text.charAt(at) != '\n'; at++) {
            if (text.charAt(at) == '"') {
                return at + 1;
            }
            if (text.charAt(at) == '\\') {
                at++;
            }
        }
        return -1;
    }

    private int endOfLine(int start) {
        int end = text.indexOf('\n', start);
        return end < 0 ? text.length() : end;
    }
}
