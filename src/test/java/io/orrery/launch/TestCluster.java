package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.NodeId;
import io.orrery.model.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three nodes, A, B and C, with replicas that are durable. Where one leads, it is A, with a write quorum of 1. */
final class TestCluster {
    static final NodeId A = NodeId.of("A");
    static final NodeId B = NodeId.of("B");
    static final NodeId C = NodeId.of("C");
    static final List<NodeId> ALL = List.of(A, B, C);
    /** For a machine that is busy: only conditions decide. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A setting: what cannot be answered is unknown soon, so that clients go on. */
    static final String IMPATIENT = "limits { request-timeout = 2s }";

    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

    private final Nodes nodes;
    private final Deployment deployment;

    private TestCluster(Nodes nodes, Deployment deployment) {
        this.nodes = nodes;
        this.deployment = deployment;
    }

    Deployment deployment() {
        return deployment;
    }

    /** What a replica shows of a key. */
    record Held(String value, Version version) {}

    /**
     * Starts all nodes and waits until they are one cluster.
     *
     * @param settings further lines of the deployment file
     * @param flags for each JVM
     */
    static TestCluster start(TestNodes tests, String protocol, String settings, String... flags)
            throws IOException, InterruptedException {
        Nodes nodes =
                tests.start("""
                protocol = %s
                leader = A
                write-quorum = 1
                journal = rocksdb
                sync = always
                lab = on
                replicas = [%s]
                %s
                """.formatted(protocol, replicas(), settings), options -> options.withFlags(flags(flags)));
        TestCluster cluster =
                new TestCluster(nodes, DeploymentLoader.load(tests.directory().resolve("test.conf")));
        cluster.awaitWhole();
        return cluster;
    }

    private static List<String> flags(String... further) {
        // They log as they do for users, not as in tests.
        return Stream.concat(Stream.of("-Dlogback.configurationFile=logback.xml"), Stream.of(further))
                .toList();
    }

    private static String replicas() throws IOException {
        List<Integer> ports = FreePorts.of(ALL.size());
        return IntStream.range(0, ALL.size())
                .mapToObj(it ->
                        "{ id = %s, http { port = 0 }, remoting { port = %d } }".formatted(ALL.get(it), ports.get(it)))
                .collect(Collectors.joining(", "));
    }

    /** Asks again and again until it is so. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Starts a node of a replica that has been added. */
    void join(NodeId id, NodeId via) {
        nodes.join(id, node(via).url());
    }

    NodeProcess node(NodeId id) {
        return nodes.node(id);
    }

    /** Where clients reach a node, or reached it before it ended; empty while it starts. */
    Optional<String> url(NodeId id) {
        try {
            return Optional.of(node(id).url());
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    RestClient client(NodeId id) {
        return new RestClient(node(id).url());
    }

    /** Waits until all nodes are ready, and each reaches all. */
    void awaitWhole() throws InterruptedException {
        nodes.awaitReady(PATIENCE);
        ALL.forEach(id -> await(
                id + " is ready in a cluster of all",
                () -> client(id).get("/ready").isSuccess() && members(id).equals(ALL)));
    }

    /** Waits until a node reaches these, and no others. */
    void awaitMembers(NodeId id, NodeId... expected) {
        await(id + " reaches " + List.of(expected), () -> members(id).equals(List.of(expected)));
    }

    /** All that a node reaches, itself among them. */
    private List<NodeId> members(NodeId id) {
        return Document.parse(client(id).get("/status").body()).objects("members").stream()
                .filter(it -> it.text("reachable").equals("true"))
                .map(it -> NodeId.of(it.text("node")))
                .toList();
    }

    /** Cuts a link at a node that is at neither end, where there is one: whichever node takes the order. */
    void cut(NodeId from, NodeId to) {
        client(C)
                .send("PUT", "/lab/links", "{\"from\":\"%s\",\"to\":\"%s\",\"cut\":true}".formatted(from, to))
                .requireSuccess();
        assertTrue(client(from)
                .get("/lab/links")
                .body()
                .matches(".*\"from\":\"%s\",\"to\":\"%s\"[^}]*\"cut\":true.*".formatted(from, to)));
    }

    /** Puts all links right, by an order to another node. */
    void heal() {
        client(B).send("POST", "/lab/heal", "{}").requireSuccess();
    }

    /** Writes until it is acknowledged. */
    void put(NodeId via, String key, String value) {
        await(
                "a write of " + key + " through " + via + " is acknowledged",
                () -> client(via).send("PUT", RestClient.keyPath(key), value).isSuccess());
    }

    /** What a replica shows of a key; empty where it has none. */
    Optional<String> get(NodeId via, String key) {
        RestClient.Answer answer = client(via).get(RestClient.keyPath(key));
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(Document.parse(answer.requireSuccess().body()).text("value"));
    }

    /** Waits until all replicas have applied the same writes and hold the same, and returns what. */
    Map<String, Held> awaitAgreement() {
        return awaitAgreement(ALL);
    }

    /** The same for some. */
    Map<String, Held> awaitAgreement(List<NodeId> some) {
        await(
                "all replicas have applied the same writes",
                () -> agree(some.stream()
                        .map(id ->
                                Document.parse(client(id).get("/status").body()).members("vector"))
                        .toList()));
        await(
                "all replicas hold the same",
                () -> agree(some.stream().map(this::contents).toList()));
        return contents(some.get(0));
    }

    private static boolean agree(List<?> all) {
        return all.stream().distinct().count() == 1;
    }

    private Map<String, Held> contents(NodeId id) {
        Map<String, Held> contents = new TreeMap<>();
        for (Document update : Document.parse(client(id).get("/kv").body()).objects("data")) {
            contents.put(update.text("key"), new Held(update.text("value"), Version.parse(update.text("version"))));
        }
        return contents;
    }
}
