package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.http.TestServer;
import io.orrery.model.NodeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("process")
@Timeout(60)
@EnabledOnOs({OS.LINUX, OS.MAC})
class NodesTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CONF = """
            protocol = lamport-lww
            replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }, { id = C, http { port = 0 } }]
            """;

    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    private Nodes start(String... flags) throws IOException {
        return tests.start(
                CONF, options -> options.withMainClass(FakeNode.class.getName()).withFlags(List.of(flags)));
    }

    @Test
    void allAreStartedToldOfAndEndedInOrder() throws Exception {
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        NodeListener listener = new NodeListener() {
            @Override
            public void line(NodeId node, String line) {
                told.add(node + ": " + line);
            }

            @Override
            public void ready(NodeId node, String url, Duration after) {
                told.add(node + " at " + url);
                assertTrue(after.compareTo(PATIENCE) < 0);
            }

            @Override
            public void ended(NodeId node, int exitCode) {
                told.add(node + " ended with " + exitCode);
            }
        };
        Nodes nodes = tests.start(
                CONF, options -> options.withMainClass(FakeNode.class.getName()).withListener(listener));
        nodes.awaitReady(PATIENCE);
        for (NodeProcess node : nodes.all()) {
            assertTrue(told.contains(node.id() + " at " + node.url()), told::toString);
            String status = new RestClient(node.url()).get("/status").body();
            assertTrue(status.contains("\"node\":\"" + node.id() + "\""), status);
        }
        assertEquals(List.of(), nodes.stop(PATIENCE));
        for (NodeProcess node : nodes.all()) {
            assertFalse(node.isAlive());
            assertEquals(0, node.awaitEnd(PATIENCE));
            assertTrue(told.contains(node.id() + ": node " + node.id() + " was here, é"), told::toString);
            assertTrue(told.contains(node.id() + " ended with 0"), told::toString);
            assertEquals(tests.directory().resolve("data/logs/" + node.id() + ".log"), node.log());
            List<String> log = Files.readAllLines(node.log());
            assertTrue(log.contains("node " + node.id() + " was here, é"), log::toString);
            assertTrue(log.contains("replica " + node.id() + " is ready at " + node.url()), log::toString);
            assertTrue(Files.isDirectory(tests.directory().resolve("data/replica-" + node.id())));
        }
        assertEquals(9, told.size(), "and nothing else: " + told);
    }

    /** Two without data could found a cluster of their own, which would keep out the one that has some. */
    @Test
    void thoseThatHaveDataStartFirst() throws Exception {
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        NodeListener listener = new NodeListener() {
            @Override
            public void line(NodeId node, String line) {
                told.add(node.name());
            }
        };
        Nodes nodes = tests.create(
                CONF, options -> options.withMainClass(FakeNode.class.getName()).withListener(listener));
        for (String replica : List.of("A", "C")) {
            Files.createDirectories(tests.directory().resolve("data/replica-" + replica));
        }
        Files.createFile(tests.directory().resolve("data/replica-C/CURRENT"));
        nodes.startAll();
        nodes.awaitReady(PATIENCE);
        assertEquals("C", told.peek(), told::toString);
        assertEquals(3, told.size(), told::toString);
    }

    @Test
    void whereOthersStillRunTheLogOfOneThatHasEndedIsLeftAlone() throws Exception {
        Nodes earlier = start();
        earlier.awaitReady(PATIENCE);
        assertEquals(0, earlier.node(A).terminate(PATIENCE));
        String log = Files.readString(earlier.node(A).log());
        Nodes later = tests.create(CONF, options -> options.withMainClass(FakeNode.class.getName()));
        LaunchFailure failure = assertThrows(LaunchFailure.class, later::startAll);
        assertEquals(
                "node B cannot be started: the log " + earlier.node(B).log()
                        + " is in use: nodes that were started earlier still run with this data",
                failure.getMessage());
        assertEquals(log, Files.readString(earlier.node(A).log()));
        assertFalse(Files.exists(earlier.node(A).log().resolveSibling("A.log.1")));
        assertFalse(later.node(A).wasStarted());
        assertTrue(earlier.node(B).isAlive());
    }

    @Test
    void oneThatEndsWhileItStartsIsToldAtOnceWithItsLastWords() throws Exception {
        Nodes nodes = start(FakeNode.fails("B"));
        LaunchFailure failure = assertThrows(LaunchFailure.class, () -> nodes.awaitReady(Duration.ofDays(1)));
        String message = failure.getMessage();
        assertTrue(message.startsWith("node B ended with exit code 2 before it was ready; the end of "), message);
        assertTrue(message.endsWith("B.log:\n  node B was here, é\n  its port is in use"), message);
        nodes.node(A).awaitUrl(PATIENCE);
        assertTrue(nodes.node(A).isAlive(), "the others go on");
    }

    @Test
    void oneThatIsNotReadyInTimeIsNamed() throws Exception {
        Nodes nodes = start(FakeNode.mute("B"));
        nodes.node(A).awaitUrl(PATIENCE);
        nodes.node(NodeId.of("C")).awaitUrl(PATIENCE);
        LaunchFailure failure = assertThrows(LaunchFailure.class, () -> nodes.awaitReady(Duration.ofMillis(1)));
        assertTrue(failure.getMessage().startsWith("node B was not ready within 1ms; "), failure.getMessage());
        assertFalse(failure.getMessage().contains("node A"), failure.getMessage());
        assertFalse(nodes.node(B).wasReady());
        assertThrows(IllegalStateException.class, nodes.node(B)::url);
    }

    @Test
    void oneThatWasKilledIsStartedAgain() throws Exception {
        Nodes nodes = start();
        nodes.awaitReady(PATIENCE);
        NodeProcess node = nodes.node(B);
        long pid = node.pid();
        assertEquals(
                "node B is running already",
                assertThrows(IllegalStateException.class, node::start).getMessage());
        node.kill();
        assertFalse(node.isAlive());
        assertEquals(128 + 9, node.awaitEnd(PATIENCE));
        node.kill();
        node.start();
        nodes.awaitReady(PATIENCE);
        assertNotEquals(pid, node.pid());
        assertEquals(200, new RestClient(node.url()).get("/status").status());
        Path before = node.log().resolveSibling("B.log.1");
        assertTrue(Files.readString(before).contains("node B was here"), "the log of the first run is kept");
        assertEquals(0, node.terminate(PATIENCE));
    }

    @Test
    void oneThatIsSuspendedAnswersNobodyUntilItIsResumed() throws Exception {
        Nodes nodes = start();
        nodes.awaitReady(PATIENCE);
        NodeProcess node = nodes.node(A);
        node.suspend();
        assertTrue(node.isSuspended());
        RestClient impatient = new RestClient(node.url(), Duration.ofMillis(200));
        TestServer.eventually("no answer", () -> !answers(impatient));
        node.resume();
        assertFalse(node.isSuspended());
        assertEquals(200, new RestClient(node.url()).get("/status").status());
        node.suspend();
        assertEquals(0, node.terminate(PATIENCE), "it is resumed, so that it can end");
        assertEquals(
                "node A is not running",
                assertThrows(IllegalStateException.class, node::suspend).getMessage());
    }

    private static boolean answers(RestClient client) {
        try {
            return client.get("/status").isSuccess();
        } catch (RequestFailure e) {
            assertEquals(RequestFailure.Kind.UNKNOWN, e.kind());
            return false;
        }
    }

    @Test
    void oneThatDoesNotEndInTimeIsKilled() throws Exception {
        Nodes nodes = start(FakeNode.deaf("B"));
        nodes.awaitReady(PATIENCE);
        LaunchFailure failure =
                assertThrows(LaunchFailure.class, () -> nodes.node(B).terminate(Duration.ofMillis(1)));
        assertTrue(failure.getMessage().startsWith("node B did not end within 1ms; "), failure.getMessage());
        assertTrue(nodes.node(B).isAlive());
        assertEquals(List.of(B), nodes.stop(Duration.ofSeconds(2)));
        assertEquals(128 + 9, nodes.node(B).awaitEnd(PATIENCE));
        assertEquals(0, nodes.node(A).awaitEnd(PATIENCE), "the others ended in order");
    }

    /** A node that is told to end answers first what it has been asked, and that may take as long as a request. */
    @Test
    void howLongTheEndMayTakeFollowsFromTheTimeOfARequest() throws Exception {
        Nodes usual = tests.create(CONF, options -> options);
        assertEquals(Duration.ofSeconds(20), usual.grace());
        Nodes patient = tests.create(CONF + "limits { request-timeout = 2m }", options -> options);
        assertEquals(Duration.ofSeconds(135), patient.grace());
    }

    @Test
    void nodesThatAreNotThereOrWereNotStartedAreNamed() throws Exception {
        Nodes nodes = tests.create(CONF, options -> options);
        assertEquals(
                "there is no node Q; there are [A, B, C]",
                assertThrows(IllegalArgumentException.class, () -> nodes.node(NodeId.of("Q")))
                        .getMessage());
        NodeProcess node = nodes.node(A);
        assertFalse(node.isAlive());
        assertEquals(
                "node A has not been started",
                assertThrows(IllegalStateException.class, node::pid).getMessage());
    }

    /** By the signal that nobody can catch, and by one after which the shutdown hooks run. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noNodeOutlivesTheProcessThatStartedIt(boolean killed) throws Exception {
        Path conf = Files.writeString(tests.directory().resolve("owner.conf"), CONF);
        Process owner = new ProcessBuilder(JavaCommand.of(
                        List.of(),
                        Owner.class.getName(),
                        List.of(
                                conf.toString(),
                                tests.directory().resolve("data").toString())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<ProcessHandle> nodes = new ArrayList<>();
        try (BufferedReader out = owner.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); !"ready".equals(line); line = out.readLine()) {
                nodes.add(ProcessHandle.of(Long.parseLong(line)).orElseThrow());
            }
            assertEquals(3, nodes.size());
            assertTrue(
                    killed
                            ? owner.toHandle().destroyForcibly()
                            : owner.toHandle().destroy());
            for (ProcessHandle node : nodes) {
                node.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            owner.destroyForcibly();
            nodes.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
