package io.orrery.launch;

import static io.orrery.launch.Strangers.ascii;
import static io.orrery.launch.Strangers.large;
import static io.orrery.launch.Strangers.request;
import static io.orrery.launch.Strangers.withBody;
import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.B;
import static io.orrery.launch.TestCluster.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.orrery.client.RestClient;
import io.orrery.cluster.ForgedFrames;
import io.orrery.deployment.Deployment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each thing that a stranger can make grow, by the table of limits in security.md, is flooded at a node with the heap that
 * {@code cluster} gives it, alone and with all others. The node lives, shows it, and takes a small write soon.
 */
@Tag("process")
@Timeout(300)
class FloodTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    /** More than a node serves. */
    private static final int MANY = 300;

    /** More than the memory has room for, at a megabyte each with its copies. */
    private static final int SOME = 120;

    private static final String DIGITS = "1".repeat(250_000);

    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    /** Those that are first fill the store: what others read is large then. */
    @TestFactory
    Stream<DynamicTest> aNodeLivesWithAllAtOnce() throws Exception {
        TestCluster cluster = start();
        Stream<DynamicTest> first =
                floods(cluster, MANY, SOME).entrySet().stream().limit(2).map(it -> alone(cluster, it));
        // Together they are many and large enough.
        List<Consumer<Strangers>> all =
                List.copyOf(floods(cluster, MANY / 3, SOME / 3).values());
        return Stream.concat(first, Stream.of(dynamicTest("all at once", () -> flood(cluster, all))));
    }

    @TestFactory
    @Tag("long")
    Stream<DynamicTest> aNodeLivesWithOneAfterTheOther() throws Exception {
        TestCluster cluster = start();
        return floods(cluster, MANY, SOME).entrySet().stream().map(it -> alone(cluster, it));
    }

    private TestCluster start() throws Exception {
        // A full heap ends the process, and is not found out by chance.
        return TestCluster.start(tests, "vector-causal", "", "-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    }

    private static DynamicTest alone(TestCluster cluster, Map.Entry<String, Consumer<Strangers>> flood) {
        return dynamicTest(flood.getKey(), () -> flood(cluster, List.of(flood.getValue())));
    }

    private static void flood(TestCluster cluster, List<Consumer<Strangers>> floods) throws Exception {
        try (Strangers strangers = new Strangers(cluster.node(A).url())) {
            List<Thread> all = new ArrayList<>();
            for (Consumer<Strangers> flood : floods) {
                Thread thread = new Thread(() -> flood.accept(strangers));
                thread.start();
                all.add(thread);
            }
            for (Thread thread : all) {
                thread.join();
            }
            assertLives(cluster);
        }
    }

    /** While the strangers are still there. */
    private static void assertLives(TestCluster cluster) {
        assertTrue(cluster.node(A).isAlive(), "the memory was enough");
        RestClient client = cluster.client(A);
        assertEquals(200, client.get("/health").status());
        long began = System.nanoTime();
        cluster.put(A, "small", "1");
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertTrue(took.compareTo(SOON) <= 0, () -> "a small write took " + took.toMillis() + " ms");
    }

    /**
     * @param many connections of each kind
     * @param some connections with a megabyte on each
     */
    private static Map<String, Consumer<Strangers>> floods(TestCluster cluster, int many, int some) {
        Map<String, Consumer<Strangers>> floods = new LinkedHashMap<>();
        floods.put("bodies of a megabyte", it -> it.ask(some, i -> withBody("PUT /kv/large" + i % 20, large(i))));
        floods.put(
                "bodies that do not come",
                it -> it.come(many, i -> request("PUT /kv/x", "Content-Length: 1000000\r\n\r\n", "1".repeat(500_000))));
        floods.put(
                "bodies in chunks without end",
                it -> it.come(
                        many,
                        i -> request(
                                "PUT /kv/x", "Transfer-Encoding: chunked\r\n\r\n", "fffff\r\n", "1".repeat(500_000))));
        floods.put(
                "heads without end",
                it -> it.come(
                        many,
                        i -> ascii("GET /kv/x HTTP/1.1\r\nHost: localhost\r\n"
                                + ("X: " + "y".repeat(8_000) + "\r\n").repeat(30))));
        floods.put("idle readers of events", it -> it.come(many, i -> request("GET /events")));
        floods.put(
                "readers of past events who do not read",
                it -> it.come(many, i -> request("GET /events", "Last-Event-ID: earlier-0\r\n")));
        floods.put("readers of the store who do not read", it -> it.come(many, i -> request("GET /kv")));
        floods.put("readers of digests who do not read", it -> it.come(many, i -> request("GET /digest")));
        floods.put("readers of backups who do not read", it -> it.come(many, i -> request("GET /backup")));
        floods.put(
                "readers of large values who do not read", it -> it.come(many, i -> request("GET /kv/large" + i % 20)));
        floods.put(
                "writers who do not read their answers",
                it -> it.come(many, i -> withBody("PUT /kv/large" + i % 20, large(i))));
        floods.put(
                "requests one after the other, of which no answer is read",
                it -> it.come(many, i -> ascii("GET /kv/large1 HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1_000))));
        floods.put(
                "names of members",
                it -> it.ask(
                        some,
                        i -> withBody("PUT /kv/names", ascii("{\"" + i + "n".repeat(Strangers.LARGE) + "\":1}"))));
        floods.put("names and numbers that cannot be", it -> hostile(it, some));
        floods.put("rules of links", it -> {
            it.ask(
                    many,
                    i -> withBody("PUT /lab/links", ascii("{\"loss\":0,\"key\":\"" + i + "k".repeat(1_000) + "\"}")));
            it.come(many, i -> request("GET /lab/links"));
        });
        floods.put("writes that are held back", it -> {
            it.ask(
                    some,
                    i -> withBody(
                            "POST /sync",
                            ascii("{\"key\":\"h" + i + "\",\"value\":" + new String(large(i))
                                    + ",\"from\":\"B\",\"clock\":{\"B\":" + (1_000 + i) + "}}")));
            it.come(many, i -> request("GET /status"));
        });
        floods.put(
                "clients and sessions",
                it -> it.ask(
                        many,
                        i -> request(
                                "GET /kv/x",
                                "Orrery-Client: c" + i + "\r\n",
                                "Orrery-Session: " + "s".repeat(8_000) + "\r\n")));
        Deployment deployment = cluster.deployment();
        Deployment.Address address = deployment.member(A).orElseThrow().requireRemoting();
        InetSocketAddress nodes = new InetSocketAddress(address.host(), address.port());
        floods.put("strangers among the nodes", it -> it.comeTo(nodes, many, i -> ForgedFrames.ofAStranger()));
        floods.put(
                "half messages between nodes",
                it -> it.comeTo(nodes, some, i -> ForgedFrames.withoutEnd(deployment, i % 2 == 0 ? B : C, 2_000_000)));
        floods.put(
                "messages between nodes with what clients may not write",
                it -> it.comeTo(
                        nodes,
                        some / 10,
                        i -> ForgedFrames.whole(deployment, i % 2 == 0 ? B : C, (i % 4 < 2 ? 8 : 32) << 20)));
        return floods;
    }

    private static void hostile(Strangers strangers, int some) {
        List<byte[]> requests = List.of(
                withBody("PUT /lab/links", ascii("{\"" + DIGITS + "\":1}")),
                withBody("PUT /lab/links", ascii("{\"delay\":\"" + DIGITS + "s\"}")),
                withBody("PUT /lab/links", ascii("{\"loss\":" + DIGITS + "}")),
                withBody("POST /write", ascii("{\"key\":\"number\",\"value\":" + DIGITS + "}")),
                withBody(
                        "POST /sync",
                        ascii("{\"key\":\"x\",\"value\":1,\"from\":\"B\",\"clock\":{\"B\":" + DIGITS + "}}")));
        strangers.ask(some, i -> requests.get(i % requests.size()));
    }
}
