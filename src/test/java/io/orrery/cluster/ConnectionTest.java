package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.live.RandomId;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One connection, of which the test is the other side. */
@Timeout(60)
class ConnectionTest {
    private static final int MOST = 1 << 20;
    private static final int TAKEN = 4 << 20;
    private static final int LARGE = 5 << 20;
    private static final Duration LARGE_TIME = Duration.ofMillis(500);
    private static final int SIZE = 64 << 10;
    private static final Connection.Codecs CODECS =
            new Connection.Codecs(new Codec<>(Message.class, List.of(Text.class)), NodeMessage.codec());

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final SocketTimeouts socketTimeouts = new SocketTimeouts();
    private final LargeFrames large = new LargeFrames(TAKEN, LARGE, LARGE_TIME, socketTimeouts);
    private Socket other;
    private Frames frames;
    private Connection connection;

    /** A message that is as large as its text. */
    @JsonTypeName("text")
    record Text(String text) implements Message {
        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
            // Any text may be said.
        }

        @Override
        public String kind() {
            return "text";
        }

        @Override
        public Optional<Key> key() {
            return Optional.empty();
        }

        @Override
        public long bytes() {
            return text.length();
        }
    }

    private final class Ear implements Connection.Listener {
        @Override
        public void wire(Connection on, NodeMessage nodeMessage) {
            heard.add(nodeMessage);
        }

        @Override
        public void unreadable(Connection on, String why) {
            heard.add("unreadable: " + why);
        }

        @Override
        public void ended(Connection on) {
            heard.add("ended");
        }
    }

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            other = new Socket(door.getInetAddress(), door.getLocalPort());
            frames = new Frames(other.getInputStream(), other.getOutputStream());
            Socket socket = door.accept();
            connection = new Connection(
                    new NodeMessage.Hello(NodeId.of("B"), RandomId.draw(), "127.0.0.1:1", Optional.empty(), Map.of()),
                    socket,
                    socket,
                    new Frames(socket.getInputStream(), socket.getOutputStream()),
                    MOST,
                    large,
                    CODECS,
                    heard::add,
                    new Ear());
        }
        connection.startWriting();
        Thread reader = new Thread(connection::read);
        reader.setDaemon(true);
        reader.start();
    }

    @AfterEach
    void end() throws IOException {
        connection.end();
        other.close();
        socketTimeouts.close();
    }

    private Object hear() throws InterruptedException {
        Object next = heard.poll(30, TimeUnit.SECONDS);
        assertNotNull(next, "nothing is heard");
        return next;
    }

    private void say(Frames.Kind kind, byte[] content) throws IOException {
        frames.write(kind, content);
        frames.flush();
    }

    /** The next message that the connection has written; null when it has ended. */
    private Text read() throws IOException {
        while (true) {
            Frames.Frame frame = frames.read(LARGE);
            if (frame.kind() == Frames.Kind.MESSAGE) {
                return (Text) CODECS.messages().decode(frame.content());
            }
        }
    }

    @Test
    void messagesComeInOrderAsTheyAreSent() throws Exception {
        for (String text : List.of("one", "two", "three")) {
            connection.send(new Text(text));
        }
        for (String text : List.of("one", "two", "three")) {
            assertEquals(new Text(text), read());
        }
    }

    @Test
    void aMessageThatCannotBeEncodedOrIsTooLargeIsLostAndNoOtherIs() throws Exception {
        String halfASurrogatePair = "\ud800";
        for (String text : List.of("one", halfASurrogatePair, "x".repeat(LARGE + 1), "two")) {
            connection.send(new Text(text));
        }
        assertEquals(new Text("one"), read());
        assertEquals(new Text("two"), read());
    }

    /** Who sends does not wait for a node that does not read, and what waits for it is bounded. */
    @Test
    void whatWaitsIsBoundedAndTheRestIsDropped() throws Exception {
        int all = 10 * Connection.MOST_WAITING / SIZE;
        for (int i = 0; i < all; i++) {
            connection.send(new Text("x".repeat(SIZE)));
        }
        connection.send(new Text(""));
        connection.endInOrder();
        int read = 0;
        try {
            while (true) {
                // The other side lives, else the connection would end before all is read.
                say(Frames.Kind.BEAT, new byte[0]);
                read();
                read++;
            }
        } catch (IOException e) {
            assertTrue(read >= Connection.MOST_WAITING / SIZE - 1 && read < all / 2, "read " + read + " of " + all);
        }
    }

    @Test
    void aSideThatIsSilentCountsAsGone() throws Exception {
        long began = System.nanoTime();
        say(Frames.Kind.BEAT, new byte[0]);
        assertEquals("ended", hear());
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        assertTrue(millis >= Connection.SILENCE.toMillis() - 100, "after " + millis + " ms");
    }

    @Test
    void aSideThatHasNothingToSayBeatsOftenEnough() throws Exception {
        other.setSoTimeout((int) Connection.SILENCE.toMillis() * 3 / 4);
        for (int i = 0; i < 6; i++) {
            say(Frames.Kind.BEAT, new byte[0]);
            assertEquals(Frames.Kind.BEAT, frames.read(LARGE).kind());
        }
        assertNull(heard.poll(), "and nobody is told of beats");
    }

    @Test
    void whatCannotBeReadIsLeftAndTheRestIsRead() throws Exception {
        say(Frames.Kind.MESSAGE, new byte[] {1, 2, 3});
        say(Frames.Kind.WIRE, CODECS.wires().encode(new NodeMessage.Farewell()));
        assertTrue(hear().toString().startsWith("unreadable: "));
        assertEquals(new NodeMessage.Farewell(), hear());
    }

    @Test
    void aFrameThatIsTooLargeOrOfNoKindEndsTheConnection() throws Exception {
        frames.out().writeInt(Integer.MAX_VALUE);
        frames.out().writeByte(Frames.Kind.MESSAGE.ordinal());
        frames.flush();
        assertEquals(
                "unreadable: a frame of 2147483646 bytes, above the limit of " + LARGE + ": the connection ends",
                hear());
        assertEquals("ended", hear());
    }

    @Test
    void aLengthThatIsOnlyClaimedTakesNoMemory() throws Exception {
        frames.out().writeInt(1 + MOST);
        frames.out().writeByte(Frames.Kind.MESSAGE.ordinal());
        frames.out().write(new byte[10]);
        frames.flush();
        assertEquals("ended", hear(), "and no part of a message is one");
    }

    /** It holds what was written when clients could write more. */
    @Test
    void aMessageThatIsLargerThanWhatClientsMayWriteNowPasses() throws Exception {
        Text value = new Text("x".repeat(3 << 20));
        connection.send(value);
        assertEquals(value, read());
        say(Frames.Kind.MESSAGE, CODECS.messages().encode(value));
        assertEquals(value, hear());
    }

    /** The other side may have a larger heap. It is told so, and the connection goes on. */
    @Test
    void aMessageForWhichThereIsNoRoomIsLeft() throws Exception {
        say(Frames.Kind.MESSAGE, CODECS.messages().encode(new Text("x".repeat(TAKEN + 1))));
        say(Frames.Kind.MESSAGE, CODECS.messages().encode(new Text("next")));
        assertTrue(hear().toString().startsWith("unreadable: it has "));
        assertEquals(new Text("next"), hear());
    }

    /** A few of them would fill the memory. */
    @Test
    void largeMessagesAreReadOneAtATimeAndNoneForLong() throws Exception {
        byte[] content = CODECS.messages().encode(new Text("x".repeat(3 << 20)));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread first = new Thread(() -> {
            try (Socket socket = new Socket()) {
                large.read(socket, () -> {
                    begun.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        first.start();
        begun.await();
        say(Frames.Kind.MESSAGE, content);
        assertNull(heard.poll(300, TimeUnit.MILLISECONDS), "another one is read, however long this one has waited");
        goOn.countDown();
        assertEquals(Text.class, hear().getClass());
        first.join();

        frames.out().writeInt(1 + content.length);
        frames.out().writeByte(Frames.Kind.MESSAGE.ordinal());
        assertThrows(
                IOException.class,
                () -> {
                    for (byte one : content) {
                        frames.out().write(one);
                        frames.flush();
                        LockSupport.parkNanos(1_000_000);
                    }
                },
                "who sends a byte now and then is left");
        assertEquals("ended", hear());
    }
}
