package io.orrery.soak;

import io.orrery.config.NameSuggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of faults. */
public enum FaultKind {
    /** A process ends without a word (SIGKILL), now and then all at once, and starts again. */
    KILL,
    /** A process is stopped (SIGSTOP) and goes on (SIGCONT). */
    STOP,
    /** A process ends in order (SIGTERM) and starts again. */
    RESTART,
    /** A process is killed, loses its disk, and starts again. */
    WIPE,
    /** A process is killed, an older copy of its directory is put back, and it starts again. */
    RESTORE,
    /**
     * A second process of the same replica starts from a copy of its directory, now and then while the first is stopped.
     */
    TWIN,
    /** All processes end, and start again with another leader in their file. */
    LEADER,
    /** The disk of a replica is full. */
    DISK_FULL,
    /** Each write of a process to a file fails. */
    DISK_FAIL,
    /** A process's wall clock is moved; now and then it loses its disk meanwhile. */
    CLOCK,
    /** Nothing passes on a link, or on all links of a replica. */
    CUT,
    /** What passes on a link, or on all links of a replica, takes longer. */
    DELAY;

    /** As users write it: {@code disk-full}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is none of this name; the message lists those that there are */
    public static FaultKind parse(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equals(id))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> ids =
                            Arrays.stream(values()).map(FaultKind::id).toList();
                    return new IllegalArgumentException("there is no fault \"" + id + "\"; "
                            + NameSuggestion.nearest(id, ids)
                                    .map(near -> "did you mean \"" + near + "\"? ")
                                    .orElse("")
                            + "There are " + ids.stream().collect(Collectors.joining(", ")));
                });
    }

    @Override
    public String toString() {
        return id();
    }
}
