package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Security;
import io.orrery.http.TestServer;
import io.orrery.launch.FakeNode;
import io.orrery.launch.NodeProcess;
import io.orrery.launch.Nodes;
import io.orrery.launch.TestNodes;
import io.orrery.model.NodeId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine.Help.Ansi;

@Timeout(60)
class ClusterConsoleTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId LONG = NodeId.of("longer");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CONF = """
            protocol = lamport-lww
            replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
            """;

    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    private final StringWriter text = new StringWriter();

    private ClusterConsole console(Ansi ansi, NodeId... ids) {
        PrintWriter out = new PrintWriter(text, true);
        return new ClusterConsole(List.of(ids), Security.NONE, out, out, ansi);
    }

    @Test
    void linesBeginWithTheNameOfTheirNode() {
        ClusterConsole console = console(Ansi.OFF, A, LONG);
        console.line(A, "a warning with @|red marks|@ in it");
        console.ready(LONG, "http://127.0.0.1:8001", Duration.ofMillis(1_234));
        console.ready(A, "http://127.0.0.1:8000", Duration.ofMillis(2_345));
        console.ended(A, 137);
        console.ready(A, "http://127.0.0.1:8000", Duration.ofMillis(1_000));
        assertEquals("""
                A      | a warning with @|red marks|@ in it
                longer | ready after 1.23 s at http://127.0.0.1:8001
                A      | ready after 2.35 s at http://127.0.0.1:8000
                All nodes are ready. Type status, help or stop; Ctrl-C stops them too.
                A      | ended by itself with exit code 137; "start A" starts it again
                A      | ready after 1.00 s at http://127.0.0.1:8000
                """, text.toString());
    }

    @Test
    void namesHaveColoursWhereThereAreColours() {
        ClusterConsole console = console(Ansi.ON, A, B);
        console.line(A, "x");
        console.line(B, "x");
        List<String> lines = text.toString().lines().toList();
        assertTrue(lines.get(0).matches("\u001B\\[36mA\u001B\\[.*m \\| x"), lines.get(0));
        assertTrue(lines.get(1).matches("\u001B\\[33mB\u001B\\[.*m \\| x"), lines.get(1));
    }

    @Test
    void aLineOfANodeHasNoColoursOfItsOwn() {
        ClusterConsole console = console(Ansi.ON, A, B);
        console.line(A, "\u001B[2J\tx");
        assertTrue(text.toString().endsWith(" | \\u001b[2J\tx" + System.lineSeparator()), text.toString());
    }

    @Test
    void itIsKnownWhenNoNodeIsLeft() {
        ClusterConsole console = console(Ansi.OFF, A, B);
        console.ended(A, 2);
        assertFalse(console.noneIsLeft().toCompletableFuture().isDone());
        console.ended(B, 2);
        assertTrue(console.noneIsLeft().toCompletableFuture().isDone());
        console.stopping(0);
        assertTrue(text.toString().endsWith("No node is left.\n"), text.toString());
    }

    @Test
    void eachCatchUpIsAReasonToCompareOnceAllHaveBeenReady() {
        AtomicInteger compared = new AtomicInteger();
        ClusterConsole console = console(Ansi.OFF, A, B);
        console.onCatchUp(compared::incrementAndGet);
        console.ready(A, "http://127.0.0.1:8000", Duration.ofMillis(1));
        console.caughtUp(A);
        assertEquals(0, compared.get(), "B has not come up yet");
        console.ready(B, "http://127.0.0.1:8001", Duration.ofMillis(1));
        assertEquals(1, compared.get());
        console.caughtUp(A);
        assertEquals(2, compared.get());
    }

    @Test
    void aClusterThatNeverCameUpIsToldFromOneThatEnded() {
        ClusterConsole console = console(Ansi.OFF, A, B);
        console.ended(A, 2);
        console.ended(B, 2);
        assertFalse(console.anyCameUp());
        console.listens(B);
        assertTrue(console.anyCameUp());
    }

    @Test
    void nodesThatWereToldToEndDidNotDoSoByThemselves() {
        ClusterConsole console = console(Ansi.OFF, A, B, LONG);
        console.stopping(3);
        console.ended(A, 0);
        console.ended(LONG, 143);
        assertTrue(console.allStoppedInOrder());
        console.ended(B, 137);
        assertFalse(console.allStoppedInOrder());
        assertFalse(console.noneIsLeft().toCompletableFuture().isDone());
        assertEquals("""
                Stopping 3 of 3 nodes.
                A      | stopped
                longer | stopped
                B      | stopped with exit code 137
                """, text.toString());
    }

    @Test
    @Tag("process")
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void commandsShowAndStartNodes() throws Exception {
        ClusterConsole console = console(Ansi.OFF, A, B);
        Nodes nodes = tests.start(
                CONF, options -> options.withMainClass(FakeNode.class.getName()).withListener(console));
        nodes.awaitReady(PATIENCE);
        NodeProcess b = nodes.node(B);
        String urlOfB = b.url();
        String pidOfA = String.valueOf(nodes.node(A).pid());
        assertEquals(
                List.of(
                        List.of("NODE", "PID", "STATE", "CLOCK", "KEYS", "LACKS", "MEMBER", "URL"),
                        List.of(
                                "A",
                                pidOfA,
                                "running",
                                "7",
                                "12",
                                "-",
                                "up",
                                nodes.node(A).url()),
                        List.of("B", String.valueOf(b.pid()), "running", "7", "12", "3", "up", urlOfB)),
                table(console, nodes));
        assertEquals(List.of("node B is running already"), execute(console, "start B", nodes));
        b.kill();
        assertEquals(
                List.of("B", "-", "ended", "-", "-", "3", "-", urlOfB),
                table(console, nodes).get(2));
        execute(console, "start B", nodes);
        b.awaitUrl(PATIENCE);
        assertNotEquals(urlOfB, b.url());
        b.suspend();
        TestServer.eventually(
                "B is silent", () -> table(console, nodes).get(2).get(2).equals("silent"));
        assertEquals("running", table(console, nodes).get(1).get(2));
        b.resume();
        assertEquals("running", table(console, nodes).get(2).get(2));
    }

    @Test
    @Tag("process")
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void nodesWhoseTurnHasNotComeAreShownAndCanBeStarted() throws Exception {
        ClusterConsole console = console(Ansi.OFF, A, B);
        Nodes nodes = tests.create(
                CONF, options -> options.withMainClass(FakeNode.class.getName()).withListener(console));
        List<String> lines = execute(console, "status", nodes);
        assertTrue(lines.get(1).matches("A +- +not started +-.*"), lines.get(1));
        assertTrue(lines.get(2).matches("B +- +not started +-.*"), lines.get(2));
        execute(console, "start B", nodes);
        long pid = nodes.node(B).pid();
        nodes.startAll();
        nodes.awaitReady(PATIENCE);
        assertEquals(pid, nodes.node(B).pid(), "it is not started again");
        assertEquals(List.of(), nodes.stop());
        assertEquals(
                List.of("node A is not started: the cluster is stopping"),
                execute(console, "start A", nodes),
                "it is too late");
    }

    /** The cells of the table of all nodes, whose texts have no spaces in them. */
    private List<List<String>> table(ClusterConsole console, Nodes nodes) {
        return execute(console, " status ", nodes).stream()
                .map(line -> List.of(line.split(" +")))
                .toList();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatIsNoCommandIsExplained() throws Exception {
        ClusterConsole console = console(Ansi.OFF, A, B);
        Nodes nodes = tests.create(CONF, options -> options);
        assertEquals(List.of(), execute(console, "  ", nodes));
        assertEquals(
                List.of("there is no command \"statsu\"; did you mean \"status\"?"), execute(console, "statsu", nodes));
        assertEquals(
                List.of("there is no command \"reboot\"; there are status, verify, start, help, stop"),
                execute(console, "reboot now", nodes));
        assertEquals(List.of("start takes the id of one node, such as: start A"), execute(console, "start", nodes));
        assertEquals(List.of("there is no node Q; there are [A, B]"), execute(console, "start Q", nodes));
        assertEquals(4, execute(console, "help", nodes).size());
        assertEquals(List.of("no node listens"), execute(console, "verify", nodes));
        assertEquals(List.of("verify compares all nodes, and takes no id"), execute(console, "verify B", nodes));
        assertEquals(List.of("stop ends all nodes, and takes no id"), execute(console, "stop B", nodes));
        assertEquals(List.of("status shows all nodes, and takes no id"), execute(console, "status B", nodes));
        assertEquals(List.of("help shows all commands, and takes no id"), execute(console, "help stop", nodes));
        assertFalse(console.execute("stop", nodes));
    }

    /** The lines that a command prints by itself. */
    private List<String> execute(ClusterConsole console, String command, Nodes nodes) {
        text.getBuffer().setLength(0);
        assertTrue(console.execute(command, nodes));
        return text.toString().lines().filter(line -> !line.contains(" | ")).toList();
    }
}
