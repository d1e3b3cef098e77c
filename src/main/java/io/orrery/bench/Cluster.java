package io.orrery.bench;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.LaunchOptions;
import io.orrery.launch.Nodes;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The nodes of one measurement, on free ports, with their files in a directory of their own. */
final class Cluster implements AutoCloseable {
    private final Deployment deployment;
    private final Nodes nodes;

    /**
     * Writes the deployment file, and starts nothing yet. The first node leads.
     *
     * @param directory is made
     * @param flags for the JVM of each node, besides the usual ones
     */
    Cluster(Path directory, List<NodeId> ids, JournalKind journal, int quorum, List<String> flags) throws IOException {
        Path conf = Files.createDirectories(directory).resolve("bench.conf");
        Files.writeString(conf, text(ids, journal, quorum));
        deployment = DeploymentLoader.load(conf).withData(directory);
        nodes = new Nodes(conf, deployment, LaunchOptions.in(directory).withFlags(flags));
    }

    private static String text(List<NodeId> ids, JournalKind journal, int quorum) throws IOException {
        List<Integer> ports = freePorts(2 * ids.size());
        List<String> replicas = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            replicas.add("{ id = %s, http { port = %d }, remoting { port = %d } }"
                    .formatted(ids.get(i), ports.get(2 * i), ports.get(2 * i + 1)));
        }
        return String.join(
                "\n",
                "protocol = leader-quorum",
                "write-quorum = " + quorum,
                "journal = " + journal.name().toLowerCase(Locale.ROOT),
                "replicas = [" + String.join(", ", replicas) + "]");
    }

    /** They are known before the nodes start, as they are asked whether they are ready from then on. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            while (sockets.size() < count) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).collect(Collectors.toList());
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    Nodes nodes() {
        return nodes;
    }

    /** Where clients reach a node. */
    String url(NodeId id) {
        return "http://" + deployment.member(id).orElseThrow().http();
    }

    /** Where a node keeps its data. */
    Path dataOf(NodeId id) {
        return deployment.storage().directoryOf(id);
    }

    /** Kills the nodes that run still. */
    @Override
    public void close() {
        nodes.close();
    }
}
