package io.orrery.launch;

import io.orrery.client.Members;
import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.journal.rocksdb.NativeLibrary;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A build step that caches what a node loads at its start: its classes in a CDS archive, and RocksDB's native library
 * unpacked. A node then starts in half the time. The cache is optional, and a different Java ignores it.
 */
final class StartupCache {
    private static final NodeId LEADER = NodeId.of("A");
    private static final NodeId FOLLOWER = NodeId.of("B");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration GLANCE = Duration.ofMillis(100);

    private StartupCache() {}

    /** @param arguments the archive and the library's directory, which are created anew */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        Path archive = Path.of(arguments[0]).toAbsolutePath();
        Files.deleteIfExists(archive);
        try {
            NativeLibrary.unpack(Path.of(arguments[1]));
            archiveClasses(archive);
        } catch (IOException | LaunchFailure | RequestFailure e) {
            System.err.println(
                    "Nodes will start slowly, because the startup cache could not be made: " + e.getMessage());
        }
    }

    private static void archiveClasses(Path archive) throws IOException, InterruptedException {
        Path directory = archive.resolveSibling("rehearsal");
        if (Files.exists(directory)) {
            // This version may be unable to read the files of an earlier one.
            Directories.delete(directory);
        }
        Files.createDirectories(directory);
        Path unfinished = directory.resolve(archive.getFileName());
        Path conf = Files.writeString(directory.resolve("rehearsal.conf"), conf());
        Deployment deployment = DeploymentLoader.load(conf);
        LaunchOptions options = LaunchOptions.in(directory);
        LaunchOptions archiving =
                options.withFlags(List.of("-XX:ArchiveClassesAtExit=" + unfinished, "-Xlog:cds*=off"));
        try (Nodes leading = new Nodes(conf, deployment, archiving);
                Nodes following = new Nodes(conf, deployment, options)) {
            NodeProcess node = leading.node(LEADER);
            node.start();
            following.node(FOLLOWER).start();
            RestClient client = new RestClient(node.awaitUrl(PATIENCE));
            following.node(FOLLOWER).awaitUrl(PATIENCE);
            client.send("PUT", RestClient.keyPath("x"), "1").requireSuccess();
            client.get(RestClient.keyPath("x")).requireSuccess();
            awaitMembers(client);
            node.terminate(PATIENCE);
        }
        if (Files.exists(unfinished)) {
            // Atomically: complete or not at all.
            Files.move(unfinished, archive, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Waits until both nodes are cluster members, with a limit: the cache is useful without. */
    private static void awaitMembers(RestClient client) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && !Members.areUp(client, 2)) {
            TimeUnit.MILLISECONDS.sleep(GLANCE.toMillis());
        }
    }

    /** Two nodes, since most of the loaded classes serve communication. */
    private static String conf() throws IOException {
        List<Integer> ports = FreePorts.of(2);
        return """
                protocol = leader-quorum
                leader = %s
                write-quorum = 1
                replicas = [
                  { id = %s, http { port = 0 }, remoting { port = %d } }
                  { id = %s, http { port = 0 }, remoting { port = %d } }
                ]
                """.formatted(LEADER, LEADER, ports.get(0), FOLLOWER, ports.get(1));
    }
}
