package io.orrery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Security;
import io.orrery.journal.SyncPolicy;
import io.orrery.live.BindFailure;
import io.orrery.model.NodeId;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Replicas A, B and C on free ports, and a client. */
public final class TestServer implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Tuning QUICK = new Tuning(Duration.ofMillis(100), Duration.ofMillis(5), 1_000, 10_000);

    private final Deployment deployment;
    private final Server server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(Deployment deployment, Optional<Path> history) {
        this.deployment = deployment;
        try {
            this.server = Server.start(deployment, history);
        } catch (BindFailure e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the default limits, and the lab on. */
    public static TestServer start() {
        return start(Deployment.Limits.DEFAULT, true);
    }

    public static TestServer start(Deployment.Limits limits, boolean lab) {
        return start(Protocols.named("lamport-lww"), limits, lab);
    }

    static TestServer start(ProtocolType protocol, Deployment.Limits limits, boolean lab) {
        return start(protocol, limits, lab, Security.NONE, Optional.empty());
    }

    /** One that records what clients do. */
    static TestServer recording(ProtocolType protocol, Path history) {
        return start(protocol, Deployment.Limits.DEFAULT, true, Security.NONE, Optional.of(history));
    }

    /** One that is not open to everybody. */
    public static TestServer secured(Security security, boolean lab) {
        return start(Protocols.named("lamport-lww"), Deployment.Limits.DEFAULT, lab, security, Optional.empty());
    }

    /** One whose replicas keep their data on disk. */
    public static TestServer durable(Path data) {
        Deployment.Storage storage =
                new Deployment.Storage(Optional.of(Deployment.JournalKind.ROCKSDB), SyncPolicy.ALWAYS, data);
        return start(
                Protocols.named("lamport-lww"),
                Deployment.Limits.DEFAULT,
                true,
                Security.NONE,
                Optional.empty(),
                storage);
    }

    private static TestServer start(
            ProtocolType protocol, Deployment.Limits limits, boolean lab, Security security, Optional<Path> history) {
        return start(protocol, limits, lab, security, history, Deployment.Storage.IN_MEMORY);
    }

    private static TestServer start(
            ProtocolType protocol,
            Deployment.Limits limits,
            boolean lab,
            Security security,
            Optional<Path> history,
            Deployment.Storage storage) {
        List<Deployment.Member> members = Stream.of("A", "B", "C")
                .map(id ->
                        new Deployment.Member(NodeId.of(id), new Deployment.Address("127.0.0.1", 0), Optional.empty()))
                .toList();
        Deployment deployment = new Deployment(
                "test",
                protocol,
                members,
                ProtocolOptions.usual(
                        members.stream().map(Deployment.Member::id).toList()),
                LinkRule.PERFECT,
                List.of(),
                QUICK,
                storage,
                limits,
                lab,
                security);
        return new TestServer(deployment, history);
    }

    /** A deployment as it is, but for its ports. */
    public static TestServer startOnFreePorts(Deployment deployment) {
        List<Deployment.Member> members = deployment.replicas().stream()
                .map(member ->
                        new Deployment.Member(member.id(), new Deployment.Address("127.0.0.1", 0), Optional.empty()))
                .toList();
        Deployment moved = deployment.withReplicas(members);
        return new TestServer(moved, Optional.empty());
    }

    /** A deployment as it is. */
    public static TestServer start(Deployment deployment, Optional<Path> history) {
        return new TestServer(deployment, history);
    }

    @Override
    public void close() {
        server.stop().toCompletableFuture().join();
    }

    /** The addresses of all, as a list for {@code --node}. */
    public String urls() {
        return String.join(",", url("A"), url("B"), url("C"));
    }

    public String url(String node) {
        return deployment.url(server.addresses().get(NodeId.of(node)));
    }

    public int port(String node) {
        return server.addresses().get(NodeId.of(node)).port();
    }

    public HttpResponse<String> get(String node, String path) {
        return send(request(node, path).GET());
    }

    public HttpResponse<String> put(String node, String path, String json) {
        return send(
                request(node, path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    public HttpResponse<String> post(String node, String path, String json) {
        return send(
                request(node, path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    public HttpResponse<String> delete(String node, String path) {
        return send(request(node, path).DELETE());
    }

    HttpRequest.Builder request(String node, String path) {
        return HttpRequest.newBuilder(URI.create(url(node) + path)).timeout(DEADLINE);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    InputStream stream(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofInputStream()).body();
    }

    /** The replica's value of a key, as it is in the answer; empty when it is absent. */
    public String value(String node, String key) {
        HttpResponse<String> answer = get(node, "/kv/" + key);
        return answer.statusCode() == 404 ? "" : json(answer).get("value").toString();
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException("not JSON: " + answer.body(), e);
        }
    }

    /** Asks again and again until it is so. */
    public static void eventually(String what, BooleanSupplier condition) {
        eventually(DEADLINE, what, condition);
    }

    public static void eventually(Duration patience, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience + ": " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
