package io.orrery.journal;

/** Whether a sync of a journal waits for the disk. */
public enum SyncPolicy {
    /** An entry counts as durable when the disk has confirmed it. It survives a loss of power. */
    ALWAYS,
    /**
     * An entry counts as durable when the operating system has it, which writes it to disk later. It survives the end of the
     * process, but not a loss of power.
     */
    NEVER
}
