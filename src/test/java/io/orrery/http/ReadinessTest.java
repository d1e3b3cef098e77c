package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.live.LocalReplicas;
import io.orrery.live.Readiness;
import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaView;
import io.orrery.replica.ReplicaObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** What is said of a replica that cannot be asked yet, or not at all. */
class ReadinessTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");

    @TempDir
    private Path directory;

    private Deployment deployment(String journal) throws Exception {
        Path file = Files.writeString(directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = %s
                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
                """.formatted(journal));
        return DeploymentLoader.load(file).withData(directory.resolve("data"));
    }

    @Test
    void aReplicaThatReadsItsJournalSaysSo() throws Exception {
        CountDownLatch hasRead = new CountDownLatch(1);
        LocalReplicas replicas = LocalReplicas.start(deployment("memory"), new ReplicaObserver() {
            @Override
            public void started(NodeId at, long incarnation, ReplicaView view) {
                try {
                    hasRead.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        ReplicaHandler handler = new ReplicaHandler(
                replicas, replicas.client(A), new Metrics(A, List.of()), new EventLog(10, 1 << 20), Optional.empty());
        HttpResponse answer = ready(handler);
        assertEquals(503, answer.status().intValue());
        String body = ((HttpEntity.Strict) answer.entity()).getData().utf8String();
        assertEquals("recovering", Document.parse(body).text("state"), body);

        hasRead.countDown();
        eventually("it is ready", () -> ready(handler).status().intValue() == 200);
        replicas.stop().toCompletableFuture().join();
    }

    private static HttpResponse ready(ReplicaHandler handler) {
        return handler.answer(HttpRequest.GET("/ready")).toCompletableFuture().join();
    }

    @Test
    void aReplicaThatCannotReadItsJournalIsDownAndTheOthersAreReady() throws Exception {
        Deployment deployment = deployment("rocksdb");
        stop(Server.start(deployment));
        putWhatNoVersionWrites(deployment.storage().directoryOf(A));
        Server server = Server.start(deployment);
        Map<NodeId, Readiness> found =
                server.whenAll(Readiness::isSettled).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(Readiness.State.DOWN, found.get(A).state());
        assertTrue(found.get(B).isReady());
        RestClient replica = new RestClient(deployment.url(server.addresses().get(A)));
        assertEquals(503, replica.get("/ready").status());
        // It is tried again now and then: for a moment it recovers.
        eventually(
                "it says so",
                () -> Document.parse(replica.get("/ready").body()).text("state").equals("down"));
        RestClient.Answer health = replica.get("/health");
        assertEquals(503, health.status(), "its disk has failed");
        assertEquals(
                "replica A has stopped: its disk has failed",
                Document.parse(health.body()).text("detail"));
        stop(server);
    }

    private static void putWhatNoVersionWrites(Path journal) throws Exception {
        try (Options options = new Options();
                RocksDB database = RocksDB.open(options, journal.toString())) {
            database.put("kx".getBytes(StandardCharsets.UTF_8), "position and more".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void stop(Server server) {
        server.stop().toCompletableFuture().join();
    }
}
