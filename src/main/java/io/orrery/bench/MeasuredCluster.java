package io.orrery.bench;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.FreePorts;
import io.orrery.launch.LaunchOptions;
import io.orrery.launch.Nodes;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The nodes of one measurement, on free ports, with their files in their own directory. */
final class MeasuredCluster implements AutoCloseable {
    private final Deployment deployment;
    private final Nodes nodes;

    /**
     * Writes the deployment file without starting anything. The first node leads.
     *
     * @param directory is created
     * @param flags additional flags for the JVM of each node
     */
    MeasuredCluster(Path directory, List<NodeId> ids, JournalKind journal, int quorum, List<String> flags)
            throws IOException {
        Path conf = Files.createDirectories(directory).resolve("bench.conf");
        Files.writeString(conf, text(ids, journal, quorum));
        deployment = DeploymentLoader.load(conf).withData(directory);
        nodes = new Nodes(conf, deployment, LaunchOptions.in(directory).withFlags(flags));
    }

    private static String text(List<NodeId> ids, JournalKind journal, int quorum) throws IOException {
        return String.join(
                "\n",
                "protocol = leader-quorum",
                "write-quorum = " + quorum,
                "journal = " + journal.name().toLowerCase(Locale.ROOT),
                // Long timeouts: slow operations are to be measured, not aborted.
                "limits { request-timeout = 30s, connections = 1024 }",
                FreePorts.replicas(ids));
    }

    String protocol() {
        return deployment.protocol().name();
    }

    Nodes nodes() {
        return nodes;
    }

    /** The address of a node. */
    String url(NodeId id) {
        return "http://" + deployment.member(id).orElseThrow().http();
    }

    /** The data directory of a node. */
    Path dataOf(NodeId id) {
        return deployment.storage().directoryOf(id);
    }

    /** Kills the nodes that still run. */
    @Override
    public void close() {
        nodes.close();
    }
}
