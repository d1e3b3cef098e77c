package io.orrery.history;

/** A history that cannot be read. The message names the source and the line, and says what would be right. */
public final class MalformedHistoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String source;
    private final long line;
    private final String problem;

    /** @param line the line of the source, from 1 */
    public MalformedHistoryException(String source, long line, String problem) {
        super(source + ":" + line + ": " + problem);
        this.source = source;
        this.line = line;
        this.problem = problem;
    }

    public String source() {
        return source;
    }

    public long line() {
        return line;
    }

    /** The message without source and line. */
    public String problem() {
        return problem;
    }
}
