package io.orrery.journal;

/** When a durable journal has the disk itself confirm what it wrote. */
public enum SyncPolicy {
    /** Before an entry counts as durable: it survives a loss of power. */
    ALWAYS,
    /**
     * When the system finds time: an entry counts as durable once the system has it. It survives the end of the process,
     * however it ends, and not the end of the machine.
     */
    NEVER
}
