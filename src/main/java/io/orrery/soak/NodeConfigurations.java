package io.orrery.soak;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import io.orrery.deployment.Deployment;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the deployment files of the nodes. They include the user's file, which stays unchanged, and override the
 * leader, a twin's client address, and times of anti-entropy that would outlast the faults.
 */
final class NodeConfigurations {
    /** The settings whose paths are relative to the deployment file. */
    private static final List<String> PATHS = List.of(
            "tls.key",
            "tls.certificate",
            "tls.authority",
            "http-tls.key",
            "http-tls.certificate",
            "tokens.client-file",
            "tokens.lab-file");

    private static final ReplicaSettings.Tuning USUAL = ReplicaSettings.Tuning.DEFAULT;
    private static final Duration MOST_INTERVAL = Duration.ofSeconds(10);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(1);

    private final Path original;
    private final Deployment deployment;
    private final Path directory;
    private NodeId leader;

    NodeConfigurations(Path original, Deployment deployment, Path directory) {
        this.original = original;
        this.deployment = deployment;
        this.directory = directory;
        this.leader = deployment.options().get(ProtocolOptions.LEADER);
    }

    /**
     * Whether the file has replicas compare what they have so seldom that faults would not be over between two rounds, as
     * files do with which a person has the time to look.
     */
    private boolean isTooPatient() {
        return deployment.tuning().antiEntropy().compareTo(MOST_INTERVAL) > 0
                || deployment.tuning().patience().compareTo(MOST_PATIENCE) > 0;
    }

    /** What the soak does otherwise than the file says, in words; empty where it keeps to the file. */
    Optional<String> deviation() {
        return isTooPatient()
                ? Optional.of("replicas compare what they have each " + Durations.format(USUAL.antiEntropy())
                        + " here, and not each "
                        + Durations.format(deployment.tuning().antiEntropy())
                        + " as in the file: faults have to be over between two rounds")
                : Optional.empty();
    }

    NodeId leader() {
        return leader;
    }

    /** Sets the leader for processes that start from now on. */
    void lead(NodeId next) {
        leader = next;
    }

    /** The file of all nodes. */
    Path usual() {
        return write("soak.conf", "");
    }

    /** The file of a twin: the first process occupies the replica's client port. */
    Path twin(NodeId twin) {
        String replicas = deployment.replicas().stream()
                .map(member -> "  { id = %s, http { host = %s, port = %d }, remoting { host = %s, port = %d } }"
                        .formatted(
                                quoted(member.id().name()),
                                quoted(member.http().host()),
                                member.id().equals(twin) ? 0 : member.http().port(),
                                quoted(member.requireRemoting().host()),
                                member.requireRemoting().port()))
                .collect(Collectors.joining("\n"));
        return write("twin-" + twin + ".conf", "replicas = [\n" + replicas + "\n]\n");
    }

    private Path write(String name, String more) {
        StringBuilder text = new StringBuilder("include required(file(")
                .append(quoted(original.toAbsolutePath().toString()))
                .append("))\n");
        Config file = ConfigFactory.parseFile(original.toFile()).resolve();
        PATHS.stream()
                .filter(file::hasPath)
                .forEach(path -> text.append(path)
                        .append(" = ")
                        .append(quoted(original.toAbsolutePath()
                                .resolveSibling(file.getString(path))
                                .toString()))
                        .append('\n'));
        if (deployment.protocol().hasLeader()) {
            // At the place where the file has it, since setting it in both places is an error.
            String key = ProtocolOptions.LEADER.name();
            String within = ProtocolOptions.KEY + "." + key;
            text.append(file.hasPath(within) ? within : key)
                    .append(" = ")
                    .append(quoted(leader.name()))
                    .append('\n');
        }
        if (isTooPatient()) {
            text.append("anti-entropy { interval = ")
                    .append(Durations.format(USUAL.antiEntropy()))
                    .append(", patience = ")
                    .append(Durations.format(USUAL.patience()))
                    .append(" }\n");
        }
        try {
            return Files.writeString(directory.resolve(name), text.append(more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String quoted(String text) {
        return ConfigUtil.quoteString(text);
    }
}
