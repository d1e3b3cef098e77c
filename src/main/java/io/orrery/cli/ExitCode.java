package io.orrery.cli;

/** What a command's exit code means. */
final class ExitCode {
    static final int OK = 0;
    /** The answer is no: a key is absent, a request was refused, an expectation does not hold. */
    static final int NO = 1;
    /** Wrong usage or bad input, or there is nobody to ask. */
    static final int USAGE = 2;
    /** Undecided, or the outcome is unknown. */
    static final int UNKNOWN = 3;

    /** A server has ended by a fatal error. One whose heap is full is ended by the JVM, with 3. */
    static final int FATAL = 4;

    private ExitCode() {}
}
