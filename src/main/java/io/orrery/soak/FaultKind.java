package io.orrery.soak;

import io.orrery.config.NameSuggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of faults in a soak. */
public enum FaultKind {
    /** Kills a process (SIGKILL), sometimes all at once, and restarts it. */
    KILL,
    /** Suspends a process (SIGSTOP) and resumes it (SIGCONT). */
    STOP,
    /** Stops a process in order (SIGTERM) and restarts it. */
    RESTART,
    /** Kills a process, deletes its disk, and restarts it. */
    WIPE,
    /** Kills a process, restores an older copy of its directory, and restarts it. */
    RESTORE,
    /**
     * Starts a second process of the same replica from a copy of its directory, sometimes while the first is suspended.
     */
    TWIN,
    /** Stops all processes and restarts them with another leader in their deployment files. */
    LEADER,
    /** Fills the disk of a replica. */
    DISK_FULL,
    /** Makes all file writes of a process fail. */
    DISK_FAIL,
    /** Moves the wall clock of a process; sometimes also deletes its disk meanwhile. */
    CLOCK,
    /** Cuts a link, or all links of a replica. */
    CUT,
    /** Delays the messages of a link, or of all links of a replica. */
    DELAY;

    /** The name for users: {@code disk-full}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is no kind of this name; the message lists all kinds */
    public static FaultKind parse(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equals(id))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> ids =
                            Arrays.stream(values()).map(FaultKind::id).toList();
                    return new IllegalArgumentException("there is no fault \"" + id + "\"; "
                            + NameSuggestion.nearest(id, ids)
                                    .map(near -> "did you mean \"" + near + "\"? There are ")
                                    .orElse("there are ")
                            + ids.stream().collect(Collectors.joining(", ")));
                });
    }

    @Override
    public String toString() {
        return id();
    }
}
