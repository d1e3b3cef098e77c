package io.orrery.config;

/** What a file may refer to while it is read. */
public enum IncludePolicy {
    /** An untrusted file: it reads no other file, no variable and no network resource. */
    STRANGER,
    /** The user's own file: it may include others and substitute environment variables by <code>${…}</code>. */
    OWN
}
