package io.orrery.cluster;

import io.orrery.codec.Codec;
import io.orrery.model.DaemonThreads;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open connection to a process of another node, with a writer thread and a reader thread. Each side sends several
 * heartbeats per {@link #SILENCE}: a side that is silent for that long is unreachable, whatever TCP reports, and the
 * connection is closed and soon replaced.
 *
 * <p>What waits to be written is bounded in bytes. A message that finds too much waiting is dropped, as on any link
 * that is full: the protocol fetches it again.
 */
final class Connection implements PeerConnections.Way {
    /**
     * After this long without a heartbeat the other side counts as unreachable. A process that was merely not scheduled
     * for so long reconnects.
     */
    static final Duration SILENCE = Duration.ofSeconds(1);
    /** What waits at the most. */
    static final int MOST_WAITING = 8 << 20;
    /** The minimum size that a message counts as. */
    static final int LEAST = 1 << 8;

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long BEAT_NANOS = SILENCE.dividedBy(4).toNanos();
    private static final byte[] NOTHING = {};
    private static final Object BEAT = Frames.Kind.BEAT;
    private static final Object END = "end";

    /** Told of what happens on a connection, by its threads. */
    interface Listener {
        void wire(Connection on, NodeMessage nodeMessage);

        /** An unknown message has arrived and is ignored. */
        void unreadable(Connection on, String why);

        /** Nothing comes any more. Told once. */
        void ended(Connection on);
    }

    private final NodeMessage.Hello hello;
    private final Socket raw;
    private final Socket socket;
    private final Frames frames;
    private final int usualBytes;
    private final LargeFrames large;
    private final Consumer<Message> replica;
    private final Listener listener;
    private final Codec<Message> messages;
    private final Codec<NodeMessage> wires;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Object> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean isEnding;
    private boolean hasEnded;

    /** How the messages of a cluster are written. */
    record Codecs(Codec<Message> messages, Codec<NodeMessage> wires) {
        static Codecs of(ProtocolType protocol) {
            return new Codecs(Codec.ofMessages(protocol), NodeMessage.codec());
        }
    }

    /**
     * @param hello what the other side has said of itself
     * @param raw what is closed when this ends: to close TLS in order might wait for the other side
     * @param socket what is read
     * @param usualBytes of a message with what clients may write now
     * @param large lets in larger ones
     * @param replica takes in the messages for the replica of this side
     */
    Connection(
            NodeMessage.Hello hello,
            Socket raw,
            Socket socket,
            Frames frames,
            int usualBytes,
            LargeFrames large,
            Codecs codecs,
            Consumer<Message> replica,
            Listener listener) {
        this.hello = hello;
        this.raw = raw;
        this.socket = socket;
        this.frames = frames;
        this.usualBytes = usualBytes;
        this.large = large;
        this.messages = codecs.messages();
        this.wires = codecs.wires();
        this.replica = replica;
        this.listener = listener;
    }

    NodeId node() {
        return hello.from();
    }

    /** What the other side has said of itself. */
    NodeMessage.Hello hello() {
        return hello;
    }

    /** Begins to write what is to be said. */
    void startWriting() {
        DaemonThreads.start("to-" + node(), this::write);
    }

    @Override
    public void send(Message message) {
        add(message, MOST_WAITING);
    }

    @Override
    public void tell(NodeMessage message) {
        // Node messages are few and small: they may exceed the limit.
        add(message, 2L * MOST_WAITING);
    }

    /** Tells the node something before all that waits. Only before {@link #startWriting}. */
    void tellFirst(NodeMessage message) {
        lock.lock();
        try {
            waiting.addFirst(message);
            waitingBytes += bytesOf(message);
        } finally {
            lock.unlock();
        }
    }

    private void add(Object said, long most) {
        long bytes = bytesOf(said);
        lock.lock();
        try {
            // A single oversized message is accepted if nothing else waits.
            if (hasEnded || waitingBytes > 0 && waitingBytes + bytes > most) {
                return;
            }
            waiting.add(said);
            waitingBytes += bytes;
            if (waiting.size() == 1) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the connection when what waits has been written. */
    void endInOrder() {
        lock.lock();
        try {
            isEnding = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the connection now. */
    void end() {
        lock.lock();
        try {
            hasEnded = true;
            waiting.clear();
            changed.signal();
        } finally {
            lock.unlock();
        }
        close(raw);
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("A connection could not be closed: {}", e.getMessage());
        }
    }

    private void write() {
        try {
            Object next = next(false);
            while (next != END) {
                if (next == null) {
                    // Not while others want to add something: this may wait for the other side.
                    frames.flush();
                    next = next(true);
                } else {
                    write(next);
                    next = next(false);
                }
            }
            frames.flush();
            socket.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            LOG.debug("The connection to {} has ended: {}", node(), e.getMessage());
            end();
        }
    }

    private void write(Object next) throws IOException {
        if (next instanceof Message message) {
            write(Frames.Kind.MESSAGE, messages, message);
        } else if (next instanceof NodeMessage nodeMessage) {
            write(Frames.Kind.WIRE, wires, nodeMessage);
        } else {
            frames.write(Frames.Kind.BEAT, NOTHING);
        }
    }

    /** What is to be written next. When there is nothing, null, or, where this is to wait, after a while {@link #BEAT}. */
    private Object next(boolean waits) throws InterruptedException {
        lock.lock();
        try {
            long left = BEAT_NANOS;
            while (waits && waiting.isEmpty() && !isEnding && !hasEnded && left > 0) {
                left = changed.awaitNanos(left);
            }
            Object next = waiting.poll();
            if (next == null) {
                return isEnding || hasEnded ? END : waits ? BEAT : null;
            }
            waitingBytes -= bytesOf(next);
            return next;
        } finally {
            lock.unlock();
        }
    }

    private static long bytesOf(Object said) {
        return LEAST + (said instanceof Message message ? message.bytes() : 0);
    }

    private <T> void write(Frames.Kind kind, Codec<T> codec, T object) throws IOException {
        byte[] content;
        try {
            content = codec.encode(object);
        } catch (IllegalArgumentException e) {
            // A programming error. To the protocol this is one lost message, and the following ones still pass.
            LOG.error("A message to node {} is dropped: {}", node(), e.getMessage());
            return;
        }
        if (content.length > large.most()) {
            LOG.error(
                    "A message to node {} is dropped: it has {} bytes, and may have {}; if value-size has been"
                            + " lowered below the size of existing values, raise it again on all nodes",
                    node(),
                    content.length,
                    large.most());
            return;
        }
        frames.write(kind, content);
    }

    /** Reads until the connection ends. */
    void read() {
        try {
            socket.setSoTimeout((int) SILENCE.toMillis());
            while (true) {
                Frames.Head head = frames.head();
                if (head.length() <= usualBytes) {
                    take(frames.rest(head, usualBytes));
                } else {
                    large.read(raw, () -> takeLarge(head));
                }
            }
        } catch (EOFException e) {
            LOG.debug("Node {} has closed the connection", node());
        } catch (Frames.Malformed e) {
            listener.unreadable(this, e.getMessage() + ": the connection ends");
        } catch (IOException e) {
            LOG.debug("The connection to {} has ended: {}", node(), e.getMessage());
        } finally {
            end();
            listener.ended(this);
        }
    }

    private void takeLarge(Frames.Head head) throws IOException {
        if (head.length() <= large.taken()) {
            take(frames.rest(head, large.taken()));
        } else {
            frames.skip(head, large.most());
            listener.unreadable(
                    this,
                    "it has " + head.length() + " bytes, and there is room for " + large.taken()
                            + ": if value-size has been lowered below the size of existing values, this node needs a"
                            + " larger heap, or a larger value-size, on all nodes");
        }
    }

    private void take(Frames.Frame frame) {
        try {
            switch (frame.kind()) {
                case MESSAGE -> replica.accept(messages.decode(frame.content()));
                case WIRE -> listener.wire(this, wires.decode(frame.content()));
                case BEAT -> {}
            }
        } catch (IllegalArgumentException e) {
            // A newer version may send unknown messages. To the protocol this is a lost message.
            listener.unreadable(this, e.getMessage());
        }
    }
}
