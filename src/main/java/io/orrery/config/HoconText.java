package io.orrery.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Scans the text of a HOCON file without its grammar, for brackets, includes and substitutions. The parser reports an
 * open bracket where it cannot go on, which may be many lines below, and resolves includes while it parses.
 */
final class HoconText {
    /** Values nest less deeply, and everything else much less. */
    private static final int MOST_DEEP = 1_010;

    private static final Pattern INCLUDE = Pattern.compile("include\\s*(\"|url\\(|file\\(|classpath\\(|required\\()");

    private final String text;
    private final Deque<Open> open = new ArrayDeque<>();
    private int line = 1;
    /** Whether a member may begin here. */
    private boolean begins = true;

    private String bracketProblem;
    private String depthProblem;
    private int substitutionLine;
    private int includeLine;

    private record Open(char bracket, int line) {
        char partner() {
            return bracket == '{' ? '}' : ']';
        }
    }

    HoconText(String text) {
        this.text = text;
        scan();
    }

    /** {@code LINE: what is wrong} of the first bracket that has no partner, if there is one. */
    Optional<String> bracketProblem() {
        return Optional.ofNullable(bracketProblem);
    }

    /** {@code LINE: what is wrong} of the first bracket that is too deep for a reader, if there is one. */
    Optional<String> depthProblem() {
        return Optional.ofNullable(depthProblem);
    }

    /** The line of the first <code>${…}</code>; 0 if there is none. */
    int substitutionLine() {
        return substitutionLine;
    }

    /** The line of the first include; 0 if there is none. */
    int includeLine() {
        return includeLine;
    }

    private void scan() {
        int at = 0;
        while (at < text.length() && bracketProblem == null && depthProblem == null) {
            char c = text.charAt(at);
            if (c == '"') {
                int end = endOfString(at);
                if (end < 0) {
                    return; // From here on it cannot be told what is in quotes.
                }
                line += (int)
                        text.substring(at, end).chars().filter(it -> it == '\n').count();
                begins = false;
                at = end;
            } else if (c == '#' || text.startsWith("//", at)) {
                at = endOfLine(at);
            } else {
                step(c, at);
                at++;
            }
        }
        if (!open.isEmpty() && bracketProblem == null) {
            bracketProblem = missing("the end of the file");
        }
    }

    private void step(char c, int at) {
        if (begins && includeLine == 0 && c == 'i') {
            includeLine = INCLUDE.matcher(text).region(at, text.length()).lookingAt() ? line : 0;
        }
        if (substitutionLine == 0 && text.startsWith("${", at)) {
            substitutionLine = line;
        }
        boolean isSubstitution = c == '{' && at > 0 && text.charAt(at - 1) == '$';
        begins = c == '\n' || c == ',' || c == '{' && !isSubstitution || begins && Character.isWhitespace(c);
        if (c == '\n') {
            line++;
        } else if (c == '{' || c == '[') {
            open.push(new Open(c, line));
            if (open.size() > MOST_DEEP) {
                depthProblem = line + ": the '" + c + "' here is more than " + MOST_DEEP + " brackets deep";
            }
        } else if (c == '}' || c == ']') {
            bracketProblem = close(c);
        }
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

    /** The end of the quoted string that begins here; negative if it does not end. */
    private int endOfString(int start) {
        if (text.startsWith("\"\"\"", start)) {
            int end = text.indexOf("\"\"\"", start + 3);
            // Quotes beyond the third belong to the string.
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
