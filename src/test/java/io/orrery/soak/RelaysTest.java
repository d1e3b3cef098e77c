package io.orrery.soak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.launch.FreePorts;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sockets in the places of nodes: two call a third. */
@Timeout(30)
@EnabledOnOs(OS.LINUX)
class RelaysTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");
    /** A machine that is busy answers late; what is cut does not answer at all. */
    private static final int SILENCE_MILLIS = 150;

    private final NetworkConditions networkConditions = new NetworkConditions();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Relays relays;
    private InetSocketAddress known;
    private ServerSocket process;

    @BeforeEach
    void start() throws IOException {
        List<Integer> ports = FreePorts.of(2);
        known = new InetSocketAddress("127.0.0.1", ports.get(0));
        relays = keep(new Relays(networkConditions));
        relays.know(InetAddress.getByName("127.0.1.1"), A);
        relays.know(InetAddress.getByName("127.0.1.2"), B);
        relays.add(C, known);
        process = listen("127.0.1.3");
    }

    private ServerSocket listen(String host) throws IOException {
        return keep(new ServerSocket(0, 10, InetAddress.getByName(host)));
    }

    private static InetSocketAddress addressOf(ServerSocket socket) {
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable it : open) {
            it.close();
        }
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        open.add(0, closeable);
        return closeable;
    }

    private Socket call(String from) throws IOException {
        Socket socket = keep(new Socket());
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(known, 5_000);
        return socket;
    }

    private Socket accept() throws IOException {
        return keep(process.accept());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String hear(Socket socket, int letters) throws IOException {
        return new String(socket.getInputStream().readNBytes(letters), StandardCharsets.US_ASCII);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        socket.setSoTimeout(0);
    }

    @Test
    void passesOnInBothDirectionsAndTheEndToo() throws IOException {
        relays.pass(C, addressOf(process));
        Socket caller = call("127.0.1.1");
        Socket called = accept();
        say(caller, "hello");
        assertEquals("hello", hear(called, 5));
        say(called, "there");
        assertEquals("there", hear(caller, 5));
        caller.shutdownOutput();
        assertEquals(-1, called.getInputStream().read());
        say(called, "!");
        assertEquals("!", hear(caller, 1));
    }

    @Test
    void muchGoesThroughWhole() throws Exception {
        relays.pass(C, addressOf(process));
        Socket caller = call("127.0.1.1");
        Socket called = accept();
        byte[] much = new byte[8 << 20];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 >> 3);
        }
        Thread sender = new Thread(() -> {
            try {
                caller.getOutputStream().write(much);
                caller.shutdownOutput();
            } catch (IOException e) {
                // The other side misses something then.
            }
        });
        sender.start();
        assertArrayEquals(much, called.getInputStream().readAllBytes());
        sender.join();
    }

    @Test
    void aCutHoldsUpOneLinkInOneDirectionUntilItEnds() throws IOException {
        relays.pass(C, addressOf(process));
        Socket fromA = call("127.0.1.1");
        Socket toA = accept();
        Socket fromB = call("127.0.1.2");
        Socket toB = accept();
        networkConditions.cut(A, C);
        say(fromA, "late");
        assertSilent(toA);
        say(toA, "back");
        assertEquals("back", hear(fromA, 4));
        say(fromB, "other");
        assertEquals("other", hear(toB, 5));
        networkConditions.clear();
        assertEquals("late", hear(toA, 4));
    }

    @Test
    void whoCallsWhileALinkIsCutGetsThroughWhenItEnds() throws IOException {
        relays.pass(C, addressOf(process));
        networkConditions.cut(A, C);
        Socket fromA = call("127.0.1.1");
        say(fromA, "x");
        process.setSoTimeout(SILENCE_MILLIS);
        assertThrows(SocketTimeoutException.class, process::accept);
        process.setSoTimeout(0);
        networkConditions.clear();
        assertEquals("x", hear(accept(), 1));
    }

    @Test
    void aDelayKeepsTheOrder() throws IOException {
        relays.pass(C, addressOf(process));
        networkConditions.delay(A, C, Duration.ofMillis(300));
        Socket fromA = call("127.0.1.1");
        Socket toA = accept();
        long began = System.nanoTime();
        say(fromA, "a");
        say(fromA, "b");
        assertEquals("ab", hear(toA, 2));
        long took = System.nanoTime() - began;
        assertTrue(took >= Duration.ofMillis(300).toNanos(), () -> took + " ns");
    }

    @Test
    void ofTwoProcessesEachIsReachedByThoseWhoAreToReachIt() throws IOException {
        ServerSocket second = listen("127.0.2.3");
        relays.pass(C, addressOf(second), Map.of(A, addressOf(process)));
        say(call("127.0.1.1"), "a");
        assertEquals("a", hear(accept(), 1));
        say(call("127.0.1.2"), "b");
        assertEquals("b", hear(keep(second.accept()), 1));
    }

    @Test
    void nobodyListensForAProcessThatHasEnded() throws IOException {
        relays.pass(C, addressOf(process));
        call("127.0.1.1");
        relays.shut(C);
        assertThrows(SocketException.class, () -> call("127.0.1.1"));
        relays.pass(C, addressOf(process));
        call("127.0.1.1");
    }
}
