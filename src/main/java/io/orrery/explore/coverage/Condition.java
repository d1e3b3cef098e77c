package io.orrery.explore.coverage;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** How a replica is when something reaches it. Several may hold at once. */
public enum Condition {
    /** None of the others. */
    CALM,
    /** It leads, in a protocol that has a leader. */
    LEADER,
    /** It has crashed before, or was stopped otherwise, and runs again. */
    RESTARTED,
    /** Another replica that runs has a write that it lacks. */
    BEHIND,
    /** It holds writes that it does not show yet. */
    BUFFERING,
    /** Something that it has written is not synced yet. */
    UNSYNCED,
    /** Nothing passes from or to some other replica. */
    CUT_OFF,
    PAUSED,
    /** It is up, and has not read its disk yet. */
    RECOVERING,
    DOWN;

    /** As a bit of a set. */
    int bit() {
        return 1 << ordinal();
    }

    static Set<Condition> of(int bits) {
        Set<Condition> set = EnumSet.noneOf(Condition.class);
        for (Condition condition : values()) {
            if ((bits & condition.bit()) != 0) {
                set.add(condition);
            }
        }
        return set;
    }

    /** As people read it: {@code cut off}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
