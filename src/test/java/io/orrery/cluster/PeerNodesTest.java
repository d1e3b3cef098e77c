package io.orrery.cluster;

import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.codec.Codec;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.deployment.Security;
import io.orrery.deployment.Security.Tls;
import io.orrery.deployment.TestCertificates;
import io.orrery.journal.Journal;
import io.orrery.journal.MemoryJournal;
import io.orrery.launch.FreePorts;
import io.orrery.live.Admission.State;
import io.orrery.live.ClusterRecord;
import io.orrery.live.RandomId;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Nodes that meet over real connections. */
@Timeout(60)
class PeerNodesTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.orrery.cluster");

    @TempDir
    private Path directory;

    private final List<Integer> ports = new ArrayList<>();
    private final List<Side> sides = new ArrayList<>();
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event.getFormattedMessage());
        }
    };

    /** A node without a replica. */
    private static final class Side implements PeerNodes.Watcher {
        private final PeerConnections peerConnections = new PeerConnections();
        private final Journal journal;
        private final PeerNodes peerNodes;
        private final BlockingQueue<Message> arrived = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> removed = new CompletableFuture<>();

        Side(Deployment deployment, NodeId self, NodeAddress nodeAddress, Journal journal) {
            this.journal = journal;
            peerNodes = new PeerNodes(
                    deployment,
                    self,
                    nodeAddress,
                    (from, to, message) -> arrived.add(message),
                    peerConnections,
                    journal,
                    this);
        }

        @Override
        public void reachable(NodeId node) {
            // No replica, no catch-up.
        }

        @Override
        public void unreachable(NodeId node) {
            // Nobody waits.
        }

        @Override
        public void told(NodeId from, NodeMessage.OfLaboratory wire) {
            // No laboratory.
        }

        @Override
        public void seated(NodeId node) {
            // No neighbours.
        }

        @Override
        public void removed(String why) {
            removed.complete(why);
        }

        State state() {
            return peerNodes.admission().state();
        }

        boolean reaches(NodeId node) {
            return peerConnections.known().contains(node);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        ports.addAll(FreePorts.of(4));
        ear.start();
        LOG.addAppender(ear);
        LOG.setAdditive(false);
        LOG.setLevel(Level.INFO);
    }

    @AfterEach
    void end() {
        sides.forEach(it -> it.peerNodes.stop().toCompletableFuture().join());
        LOG.setAdditive(true);
        LOG.setLevel(null);
        LOG.detachAppender(ear);
    }

    private Deployment deployment(String settings, NodeId... replicas) throws IOException {
        List<String> lines = new ArrayList<>();
        for (NodeId id : replicas) {
            lines.add("{ id = %s, http { port = 0 }, remoting { port = %d } }"
                    .formatted(id, ports.get(id.name().charAt(0) - 'A')));
        }
        return DeploymentLoader.load(Files.writeString(
                directory.resolve("test.conf"), settings + "\nreplicas = [" + String.join(", ", lines) + "]"));
    }

    private Deployment deployment() throws IOException {
        return deployment("protocol = lamport-lww", A, B, C);
    }

    private Side start(Deployment deployment, NodeId self) throws IOException {
        return start(deployment, self, NodeAddress.OF_FILE, new MemoryJournal());
    }

    private Side start(Deployment deployment, NodeId self, NodeAddress nodeAddress, Journal journal)
            throws IOException {
        Side side = new Side(deployment, self, nodeAddress, journal);
        sides.add(side);
        side.peerNodes.start();
        return side;
    }

    /** Waits until this has been said. */
    private void hear(String words) {
        eventually("somebody says " + words, () -> said.stream().anyMatch(line -> line.startsWith(words)));
    }

    @Test
    void nodesThatMeetAreOfOneClusterAndKeepItsId() throws Exception {
        Side a = start(deployment(), A);
        eventually("A acts alone", () -> a.state() == State.IN);
        assertEquals(Optional.empty(), a.peerNodes.cluster(), "and is of no cluster");
        Side b = start(deployment(), B);
        Side c = start(deployment(), C);
        eventually("C has an id", () -> c.peerNodes.cluster().isPresent());
        for (Side side : List.of(a, b)) {
            eventually("all have the same", () -> side.peerNodes.cluster().equals(c.peerNodes.cluster()));
        }
        assertEquals(
                c.peerNodes.cluster(),
                ClusterRecord.decode(c.journal.belonging()).cluster());
    }

    /** A majority that keeps nothing may have started anew: who is left has the id of the cluster, and is asked for it first. */
    @Test
    void nobodyFoundsAClusterBeforeAllOthersHaveBeenCalled() throws Exception {
        Side a = new Side(deployment(), A, NodeAddress.OF_FILE, new MemoryJournal());
        sides.add(a);
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket ofB = new Socket(door.getInetAddress(), door.getLocalPort());
                Socket ofA = door.accept()) {
            Connection connection = fromB(ofA, a);
            assertTrue(a.peerNodes.opened(connection));
            connection.tell(new NodeMessage.Up(true));
            connection.startWriting();
            Frames heard = new Frames(ofB.getInputStream(), ofB.getOutputStream());
            assertEquals(new NodeMessage.Up(true), nextWord(heard), "C may have an id");
            a.peerNodes.called(C, false);
            assertInstanceOf(ClusterFormation.Prepare.class, nextWord(heard));
        }
    }

    /** What A makes of a connection on which B has greeted. */
    private Connection fromB(Socket socket, Side a) throws IOException {
        return new Connection(
                helloOfB(),
                socket,
                socket,
                new Frames(socket.getInputStream(), socket.getOutputStream()),
                1 << 20,
                new LargeFrames(1 << 20, 1 << 20, Duration.ofSeconds(1), new SocketTimeouts()),
                Connection.Codecs.of(deployment().protocol()),
                message -> {},
                a.peerNodes);
    }

    private NodeMessage.Hello helloOfB() throws IOException {
        return new NodeMessage.Hello(
                B, RandomId.draw(), "127.0.0.1:1", Optional.empty(), SharedSettings.of(deployment()));
    }

    private static NodeMessage nextWord(Frames heard) throws IOException {
        Frames.Frame frame = heard.read(1 << 20);
        while (frame.kind() != Frames.Kind.WIRE) {
            frame = heard.read(1 << 20);
        }
        return NodeMessage.codec().decode(frame.content());
    }

    @Test
    void aNodeWithDataOfAnotherClusterIsKeptOutOnBothSidesByTheNamesOfBoth() throws Exception {
        Side a = start(deployment(), A);
        start(deployment(), B);
        eventually("they have founded one", () -> a.peerNodes.cluster().isPresent());
        String ours = a.peerNodes.cluster().get();
        String foreign = RandomId.draw();
        Journal journal = new MemoryJournal();
        journal.keepBelonging(ClusterRecord.in(foreign).encode());
        Side c = start(deployment(), C, NodeAddress.OF_FILE, journal);
        hear("Node C is kept out: its data is of cluster " + foreign + ", here it is of cluster " + ours
                + "; if one of the two clusters is new, because its nodes started without data, stop these, delete "
                + "their data, and start the nodes that have data first");
        eventually("C is kept out", () -> c.state() == State.KEPT_OUT);
        assertTrue(
                c.peerNodes
                        .admission()
                        .problem()
                        .contains(" is kept out: its data is of cluster " + ours + ", here it is of cluster " + foreign
                                + ";"),
                c.peerNodes.admission().problem());
        assertFalse(a.reaches(C));
        assertEquals(State.IN, a.state());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "protocol = cops | protocol | lamport-lww | cops",
                "protocol = lamport-lww, leader = C | leader | A | C",
                "protocol = lamport-lww, write-quorum = 1 | write-quorum | 2 | 1",
                "protocol = lamport-lww, limits { value-size = 1000 } | value-size | 1048576 | 1000"
            })
    void aSettingThatDiffersIsNamedOnBothSidesWithBothValues(String settings, String name, String ours, String theirs)
            throws Exception {
        Side a = start(deployment(), A);
        Side b = start(deployment(), B);
        eventually("A and B are a majority", () -> a.reaches(B) && b.reaches(A));
        Side c = start(deployment(settings, A, B, C), C);
        hear("Node C is kept out: its %s is %s, here it is %s".formatted(name, theirs, ours));
        hear("Node A is kept out: its %s is %s, here it is %s".formatted(name, ours, theirs));
        eventually("C does not act", () -> c.state() == State.KEPT_OUT);
        assertEquals(State.IN, a.state(), "who has a majority goes on");
        eventually(
                "A tells so",
                () -> a.peerNodes.members().stream()
                        .map(it -> it.node() + " " + it.status())
                        .toList()
                        .equals(List.of("A joining", "B joining", "C kept-out")));
    }

    /** It may be the one with the wrong file: it waits for a word of each other, and not for ever. */
    @Test
    void aNodeActsWhenItHasAskedAllOthers() throws Exception {
        Side a = new Side(deployment(), A, NodeAddress.OF_FILE, new MemoryJournal());
        assertEquals(State.JOINING, a.state());
        sides.add(a);
        try (ServerSocket silent = new ServerSocket(ports.get(1), 1, InetAddress.getByName("127.0.0.1"))) {
            a.peerNodes.start();
            eventually("A acts, though somebody is silent at " + silent, () -> a.state() == State.IN);
        }
    }

    @Test
    void ofTwoThatDifferNeitherActs() throws Exception {
        Side a = start(deployment("protocol = cops", A, B), A);
        Side b = start(deployment("protocol = vector-causal", A, B), B);
        eventually("neither acts", () -> a.state() == State.KEPT_OUT && b.state() == State.KEPT_OUT);
    }

    /** Two processes with one id: each hears all that is for the node, and can be told so. */
    @Test
    void whatIsForANodeReachesEachProcessOfIt() throws Exception {
        Deployment led = deployment("protocol = primary-linearizable", A, B);
        Side a = start(led, A);
        Side b = start(led, B);
        NodeAddress elsewhere = new NodeAddress(Optional.of(new Address("127.0.0.1", ports.get(3))), Optional.empty());
        Side twin = start(led, B, elsewhere, new MemoryJournal());
        eventually("A reaches B", () -> a.reaches(B) && b.reaches(A) && twin.reaches(A));
        Message message = Codec.ofMessages(led.protocol())
                .decode(new CBORMapper().writeValueAsBytes(Map.of("@type", "ask", "caller", "B", "number", 1)));
        eventually("both are told", () -> {
            a.peerConnections.deliver(A, B, message);
            return b.arrived.contains(message) && twin.arrived.contains(message);
        });
        b.peerConnections.deliver(B, A, message);
        twin.peerConnections.deliver(B, A, message);
        for (int i = 0; i < 2; i++) {
            assertEquals(message, a.arrived.poll(10, TimeUnit.SECONDS));
        }
        hear("Node B at 127.0.0.1:" + ports.get(1) + " is a member");
    }

    /** Who says that it is a node, and sends half of a frame again and again, takes memory for a few of them. */
    @Test
    void connectionsOfOneNodeAreBounded() throws Exception {
        Side a = start(deployment(), A);
        List<Socket> forged = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * RemoteNodes.MOST_CONNECTIONS; i++) {
                Socket socket = new Socket("127.0.0.1", ports.get(0));
                forged.add(socket);
                Frames frames =
                        new Handshake(B, Map.of()).dialled(socket, helloOfB()).frames();
                frames.write(Frames.Kind.WIRE, NodeMessage.codec().encode(new NodeMessage.Welcome()));
                frames.out().writeInt(1 << 21);
                frames.out().writeByte(Frames.Kind.MESSAGE.ordinal());
                frames.flush();
            }
            eventually("all but the last few are ended", () -> {
                forged.removeIf(PeerNodesTest::hasEnded);
                return forged.size() <= RemoteNodes.MOST_CONNECTIONS;
            });
            assertFalse(forged.isEmpty(), "the last ones, on which something comes again and again, are open");
            Side b = start(deployment(), B);
            eventually("B is reached", () -> b.reaches(A));
        } finally {
            for (Socket socket : forged) {
                socket.close();
            }
        }
        eventually("A reaches it", () -> a.reaches(B));
    }

    /** Says one byte more. */
    private static boolean hasEnded(Socket socket) {
        try {
            socket.getOutputStream().write(0);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void whoSaysFarewellIsNotMissed() throws Exception {
        Side a = start(deployment(), A);
        Side b = start(deployment(), B);
        eventually("they meet", () -> a.reaches(B) && b.reaches(A));
        b.peerNodes.stop().toCompletableFuture().join();
        hear("Node B at 127.0.0.1:" + ports.get(1) + " is no member any more");
        said.clear();
        Side again = start(deployment(), B);
        hear("Node B at 127.0.0.1:" + ports.get(1) + " is a member");
        eventually("they meet", () -> again.reaches(A));
    }

    /** Whoever was answered by a node that has said farewell would take it for one that has come back. */
    @Test
    void aCallThatCameBeforeTheFarewellIsNotAnsweredAfterIt() throws Exception {
        Side a = start(deployment(), A);
        try (Socket late = new Socket("127.0.0.1", ports.get(0));
                Socket early = new Socket("127.0.0.1", ports.get(0))) {
            Frames heard = new Handshake(B, Map.of()).dialled(early, helloOfB()).frames();
            heard.write(Frames.Kind.WIRE, NodeMessage.codec().encode(new NodeMessage.Welcome()));
            heard.flush();
            eventually("A has taken both calls, the second of which it knows", () -> a.reaches(B));
            a.peerNodes.stop();
            NodeMessage word = nextWord(heard);
            while (!(word instanceof NodeMessage.Farewell)) {
                word = nextWord(heard);
            }
            assertThrows(
                    IOException.class, () -> new Handshake(B, Map.of()).dialled(late, helloOfB()), "it is answered");
        }
    }

    /** Both have said who they are, and then one of them is told to end: to the other it was there, and leaves. */
    @Test
    void whoMeetsANodeThatIsToldToEndHearsItsFarewellAtOnce() throws Exception {
        Side a = start(deployment(), A);
        a.peerNodes.stop();
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket ofB = new Socket(door.getInetAddress(), door.getLocalPort());
                Socket ofA = door.accept()) {
            Connection connection = fromB(ofA, a);
            assertFalse(a.peerNodes.opened(connection));
            assertFalse(a.reaches(B));
            connection.startWriting();
            Frames heard = new Frames(ofB.getInputStream(), ofB.getOutputStream());
            assertEquals(new NodeMessage.Farewell(), nextWord(heard));
            assertEquals(-1, ofB.getInputStream().read(), "nothing more comes");
        }
    }

    /** What a node of the first format says first: Artery's header, a stream, and a message with both addresses. */
    @Test
    void aNodeOfAnOlderVersionIsKeptOutByName() throws Exception {
        start(deployment(), A);
        try (Socket socket = new Socket("127.0.0.1", ports.get(0))) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write("AKKA".getBytes(StandardCharsets.US_ASCII));
            out.writeByte(1);
            byte[] host = "127.0.0.1".getBytes(StandardCharsets.US_ASCII);
            out.write(new byte[20]);
            out.write(new byte[] {0x1a, (byte) host.length});
            out.write(host);
            int port = ports.get(2);
            out.write(
                    new byte[] {0x20, (byte) (port & 0x7f | 0x80), (byte) (port >> 7 & 0x7f | 0x80), (byte) (port >> 14)
                    });
            out.flush();
            hear("Node C is kept out: it speaks format 1, like an older version of Orrery; this node speaks 2");
        }
    }

    @Test
    void aNodeOfALaterFormatIsKeptOutByName() throws Exception {
        start(deployment(), A);
        try (Socket socket = new Socket("127.0.0.1", ports.get(0))) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write("ORRERY".getBytes(StandardCharsets.US_ASCII));
            out.writeShort(77);
            out.writeByte(1);
            out.write('B');
            out.flush();
            hear("Node B is kept out: it speaks format 77, like another version of Orrery; this node speaks 2");
        }
    }

    /** More connections than there may be, some with half of a greeting and a huge length: nodes meet all the same. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void strangersTakeNoMoreThanTheirPart() throws Exception {
        Side a = start(deployment(), A);
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 4 * ConnectionManager.MOST_STRANGERS; i++) {
                Socket socket = new Socket("127.0.0.1", ports.get(0));
                strangers.add(socket);
                OutputStream out = socket.getOutputStream();
                try {
                    out.write("ORRERY\0\2\1B\177\177\177\177\1half".getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    // It was turned away before it could say anything.
                }
            }
            Side b = start(deployment(), B);
            eventually("A and B meet", () -> a.reaches(B) && b.reaches(A));
            for (Socket socket : strangers) {
                socket.setSoTimeout(30_000);
                try {
                    assertEquals(-1, socket.getInputStream().read(), "a stranger is turned away");
                } catch (IOException reset) {
                    assertInstanceOf(SocketException.class, reset);
                }
            }
        } finally {
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    /** As no file can say it: a certificate of another authority is refused when it is read. */
    private Side withTls(TestCertificates identity, TestCertificates authority, NodeId self) throws IOException {
        Deployment plain = deployment();
        Tls tls = new Tls(identity.identity(), authority.authority());
        return start(
                new Deployment(
                        plain.title(),
                        plain.protocol(),
                        plain.replicas(),
                        plain.options(),
                        plain.links(),
                        plain.linkChanges(),
                        plain.tuning(),
                        plain.storage(),
                        plain.limits(),
                        plain.lab(),
                        new Security(false, Optional.of(tls), Optional.empty(), Optional.empty())),
                self);
    }

    @Test
    void withTlsNodesOfOneAuthorityAndNameMeetAndNobodyElseDoes() throws Exception {
        TestCertificates ours = TestCertificates.ours();
        Side a = withTls(ours, ours, A);
        Side b = withTls(ours, ours, B);
        eventually("A and B meet", () -> a.reaches(B) && b.reaches(A));
        for (TestCertificates stranger : List.of(TestCertificates.ofStrangers(), TestCertificates.ofAnotherName())) {
            // It trusts the others, and would talk to them: it is they who do not talk to it.
            Side c = withTls(stranger, ours, C);
            eventually("C has asked all", () -> c.state() != State.JOINING);
            assertFalse(a.reaches(C) || b.reaches(C) || c.reaches(A) || c.reaches(B), "a stranger is reached");
            String why = stranger == TestCertificates.ofStrangers()
                    ? "it shows no certificate that the authority has signed"
                    : "its certificate has no name (CN) in common with that of this node";
            hear("An unknown caller is kept out: " + why);
            hear("Node C is not reached: " + why);
            c.peerNodes.stop().toCompletableFuture().join();
        }
        Side friend = withTls(ours, ours, C);
        eventually("C is welcome", () -> a.reaches(C) && friend.reaches(A));
    }

    @Test
    void aNodeWithoutTlsIsToldWhy() throws Exception {
        TestCertificates ours = TestCertificates.ours();
        Side a = withTls(ours, ours, A);
        Side b = start(deployment(), B);
        hear("Node A is kept out: it speaks TLS, and this node has no tls in its file");
        assertFalse(a.reaches(B) || b.reaches(A));
        assertNotEquals(State.IN, b.state());
    }
}
