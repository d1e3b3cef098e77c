package io.orrery.config;

/** What a file may do while it is read. */
public enum Trust {
    /** It may only say things: a file of a stranger reads no other file, no variable and nothing of the net. */
    STRANGER,
    /** It may include others, and have the variables of the environment put into it by <code>${…}</code>. */
    OWN
}
