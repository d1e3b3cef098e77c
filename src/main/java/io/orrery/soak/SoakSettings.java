package io.orrery.soak;

import io.orrery.deployment.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a soak.
 *
 * @param conf the file of the deployment, which stays as it is
 * @param deployment as it was read from there
 * @param length how long faults go on; each kind has its turn once at least
 * @param kinds what is done to nodes; at least one
 * @param seed decides the plan and what clients ask
 * @param directory where all files are: data, copies, logs and the history; it is there and empty
 * @param disk a directory on a small file system, which may be filled; one replica has its data there
 * @param flags for the JVM of each node, besides the usual ones
 */
public record SoakSettings(
        Path conf,
        Deployment deployment,
        Duration length,
        List<FaultKind> kinds,
        long seed,
        Path directory,
        Optional<Path> disk,
        List<String> flags) {
    /** A longer fault than this shows nothing that this one does not: all time-outs are past. */
    private static final Duration LONGEST_FAULT = Duration.ofSeconds(15);

    private static final Duration SHORTEST_FAULT = Duration.ofSeconds(1);
    private static final int FAULTS = 40;

    public SoakSettings {
        kinds = List.copyOf(kinds);
        flags = List.copyOf(flags);
    }

    /** Short soaks have short faults, so that there is time for several. */
    Duration longestFault() {
        Duration part = Duration.ofMillis(length.toMillis() / FAULTS);
        if (part.compareTo(SHORTEST_FAULT) < 0) {
            return SHORTEST_FAULT;
        }
        return part.compareTo(LONGEST_FAULT) > 0 ? LONGEST_FAULT : part;
    }
}
