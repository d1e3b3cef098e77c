package io.orrery.live;

import java.util.Locale;

/** Whether a replica works. */
public enum ReplicaState {
    RUNNING,
    /** It does nothing until it is resumed. */
    PAUSED,
    /** It reads its journal, and takes no requests yet. */
    RECOVERING,
    /** It has crashed. */
    DOWN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is no such state */
    public static ReplicaState parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
