package io.orrery.cli;

/** The exit codes of the commands. */
final class ExitCode {
    static final int OK = 0;
    /** The answer is no: an absent key, a refused request, an expectation that does not hold. */
    static final int NO = 1;
    /** Wrong usage, bad input, or no server that answers. */
    static final int USAGE = 2;
    /** Undecided, or an unknown outcome. */
    static final int UNKNOWN = 3;

    /** A fatal error ended the server. When the heap is full, the JVM itself exits with 3. */
    static final int FATAL = 4;

    private ExitCode() {}
}
