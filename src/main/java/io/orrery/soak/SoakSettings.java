package io.orrery.soak;

import io.orrery.deployment.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a soak.
 *
 * @param conf the deployment file, which stays unchanged
 * @param deployment the deployment read from it
 * @param length how long faults go on; each kind occurs at least once
 * @param kinds the kinds of faults; at least one
 * @param seed decides the plan and the workload
 * @param directory an existing empty directory for all files: data, copies, logs and the history
 * @param disk a directory on a small file system that may be filled; one replica keeps its data there
 * @param flags additional flags for the JVM of each node
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
    /** The maximum length of a fault. It exceeds all timeouts, so longer faults would show nothing new. */
    private static final Duration LONGEST_FAULT = Duration.ofSeconds(15);

    private static final Duration SHORTEST_FAULT = Duration.ofSeconds(1);
    private static final int FAULTS = 40;

    public SoakSettings {
        kinds = List.copyOf(kinds);
        flags = List.copyOf(flags);
    }

    /** The maximum length of a fault in this soak: short soaks have short faults, to fit in several. */
    Duration longestFault() {
        Duration part = Duration.ofMillis(length.toMillis() / FAULTS);
        if (part.compareTo(SHORTEST_FAULT) < 0) {
            return SHORTEST_FAULT;
        }
        return part.compareTo(LONGEST_FAULT) > 0 ? LONGEST_FAULT : part;
    }
}
