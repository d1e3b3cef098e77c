package io.orrery.journal;

/** A journal cannot be opened, read or written. The message is one line for people that names the file or directory. */
public final class JournalException extends RuntimeException {
    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
