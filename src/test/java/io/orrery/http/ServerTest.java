package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Security;
import io.orrery.live.BindFailure;
import io.orrery.model.NodeId;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
    @Test
    void aPortThatIsInUseIsNamedAndNothingStaysBehind() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, loopback)) {
            free = probe.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
            String message = assertThrows(BindFailure.class, () -> Server.start(deployment(free, taken.getLocalPort())))
                    .getMessage();
            assertEquals(
                    "port " + taken.getLocalPort() + " is in use: replica B cannot listen on 127.0.0.1:"
                            + taken.getLocalPort(),
                    message);
        }
        // Replica A was bound before B failed: its port is free again.
        try (ServerSocket again = new ServerSocket(free, 1, loopback)) {
            assertEquals(free, again.getLocalPort());
        }
    }

    @Test
    void aStartThatFailsLeavesAnOldHistoryAsItIs(@TempDir Path folder) throws Exception {
        Path old = Files.writeString(folder.resolve("old.jsonl"), "old");
        assertThrows(
                IllegalArgumentException.class,
                () -> Server.startNode(deployment(0, 0), NodeId.of("Q"), Optional.of(old)));
        assertEquals("old", Files.readString(old));
    }

    @Test
    void aHistoryThatAnotherServerWritesIsRefused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("history.jsonl");
        Server first = Server.start(deployment(0, 0), Optional.of(file));
        try {
            int port = first.addresses().get(NodeId.of("A")).port();
            new RestClient("127.0.0.1:" + port).get("/kv/x");
            assertEquals(2, Files.readAllLines(file).size());
            assertThrows(UncheckedIOException.class, () -> Server.start(deployment(0, 0), Optional.of(file)));
            assertEquals(2, Files.readAllLines(file).size());
        } finally {
            first.stop().toCompletableFuture().join();
        }
        Server.start(deployment(0, 0), Optional.of(file))
                .stop()
                .toCompletableFuture()
                .join();
        assertEquals(0, Files.size(file));
    }

    /** An answer of 503 would say that nothing was done: the replica may do it yet. */
    @Test
    void aRequestThatIsOpenAtTheEndIsAnsweredWithinItsTimeout() {
        Deployment.Limits usual = Deployment.Limits.DEFAULT;
        Deployment.Limits limits = new Deployment.Limits(
                usual.valueBytes(),
                usual.openRequests(),
                usual.mailbox(),
                Duration.ofMillis(2_500),
                usual.events(),
                usual.connections());
        CompletableFuture<HttpResponse<String>> open;
        try (TestServer server = TestServer.start(limits, true)) {
            server.post("A", "/lab/replicas/A/pause", "");
            open = server.sendAsync(server.request("A", "/kv/x")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("1")));
            eventually(
                    "the request is open",
                    () -> server.get("A", "/metrics").body().contains("orrery_requests_open{node=\"A\"} 1.0"));
        }
        HttpResponse<String> answer = open.join();
        assertEquals(504, answer.statusCode(), answer.body());
        assertEquals("unknown", TestServer.json(answer).get("outcome").textValue());
    }

    @Test
    void aRequestForWhichTheEndDoesNotWaitIsUnknown() {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "test");
        try {
            assertEquals(
                    StatusCodes.GATEWAY_TIMEOUT,
                    new Endpoint(deployment(0, 0), false)
                            .settings(system)
                            .getTerminationDeadlineExceededResponse()
                            .status());
        } finally {
            system.terminate();
        }
    }

    private static Deployment deployment(int... ports) {
        List<Deployment.Member> members = List.of(
                new Deployment.Member(NodeId.of("A"), new Deployment.Address("127.0.0.1", ports[0]), Optional.empty()),
                new Deployment.Member(NodeId.of("B"), new Deployment.Address("127.0.0.1", ports[1]), Optional.empty()));
        return new Deployment(
                "test",
                Protocols.named("lamport-lww"),
                members,
                ProtocolOptions.usual(
                        members.stream().map(Deployment.Member::id).toList()),
                LinkRule.PERFECT,
                List.of(),
                Tuning.DEFAULT,
                Deployment.Storage.IN_MEMORY,
                Deployment.Limits.DEFAULT,
                false,
                Security.NONE);
    }
}
