package io.orrery.cluster;

import io.orrery.deployment.Deployment.Address;
import io.orrery.model.DaemonThreads;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;

/**
 * Opens connections: listens, and calls each unreachable node periodically. An unanswered call does not delay the next:
 * when a network drops packets or a process sleeps, it is unknown which call will be answered, and each times out soon.
 * So a connection is open again a moment after it becomes possible.
 */
final class ConnectionManager {
    /** How often a node that is not reached is called. */
    private static final Duration CALL = Duration.ofMillis(250);
    /** The same for a node that has answered and is kept out. */
    private static final Duration CALL_STRANGER = Duration.ofSeconds(1);
    /** The minimum time between calls, however soon a connection ends. */
    private static final Duration BREATH = Duration.ofMillis(20);
    /** A connection must be open, and both sides have said who they are, within this time. */
    static final Duration GREETING = Duration.ofSeconds(2);
    /** Calls to one node at once. */
    private static final int MOST_CALLS = 6;
    /** The limit of connections whose other side is not identified yet. */
    static final int MOST_STRANGERS = 64;

    /** What a frame with more than clients may write now may take to come. */
    private static final Duration LARGE_FRAME = Duration.ofSeconds(30);

    private static final int BACKLOG = 64;
    /** Of the first frame after the greeting. */
    private static final int WORD = 1 << 10;

    /** For whom connections are opened. Called by any thread. */
    interface Host extends Connection.Listener {
        /** What this side says of itself now. */
        NodeMessage.Hello hello();

        /** Whether to open a connection to the sender of this hello. Logs why if not. */
        boolean takes(NodeMessage.Hello theirs);

        /** A call to a node has failed, because its certificate is not trusted. */
        void distrusted(NodeId node, String why);

        /** The other side speaks an unknown protocol. */
        void notUnderstood(Optional<NodeId> node, String why);

        /** A call has ended without a connection. */
        void called(NodeId node, boolean somebodyListens);

        /** A connection is open. Returns false where it is not to stay so: then this side has said why, and no more. */
        boolean opened(Connection connection);
    }

    private final Host host;
    private final RemoteNodes remoteNodes;
    private final Sockets sockets;
    private final Handshake handshake;
    private final int usualBytes;
    private final LargeFrames large;
    private final Connection.Codecs codecs;
    private final Optional<String> from;
    private final BiConsumer<NodeId, Message> replica;
    private final Semaphore strangers = new Semaphore(MOST_STRANGERS);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("cluster"));
    private final SocketTimeouts socketTimeouts = new SocketTimeouts();
    /** The listener has stopped. */
    private final CountDownLatch deaf = new CountDownLatch(1);

    private volatile ServerSocket door;
    private volatile boolean closed;

    /**
     * @param usualBytes of a message with what clients may write now
     * @param takenBytes of a message with what clients may not write now, as far as there is room for it
     * @param mostBytes of any message
     * @param codecs how they are written
     * @param from the local address of connections that this side opens; empty for any
     * @param replica takes in the messages for the replica of this side, with the node that each comes from
     */
    ConnectionManager(
            Host host,
            RemoteNodes remoteNodes,
            Sockets sockets,
            Handshake handshake,
            int usualBytes,
            int takenBytes,
            int mostBytes,
            Connection.Codecs codecs,
            Optional<String> from,
            BiConsumer<NodeId, Message> replica) {
        this.host = host;
        this.remoteNodes = remoteNodes;
        this.sockets = sockets;
        this.handshake = handshake;
        this.usualBytes = usualBytes;
        this.large = new LargeFrames(takenBytes, mostBytes, LARGE_FRAME, socketTimeouts);
        this.codecs = codecs;
        this.from = from;
        this.replica = replica;
    }

    /**
     * Listens from now on, and calls the others.
     *
     * @throws IOException when the address cannot be bound
     */
    void start(Address at) throws IOException {
        InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(at.host());
        }
        ServerSocket opened = new ServerSocket();
        try {
            opened.bind(address, BACKLOG);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        door = opened;
        threads.execute(this::listen);
        remoteNodes.nodes().forEach(this::startCalling);
    }

    /** Calls a node from now on, until it is a member no more. */
    void startCalling(NodeId node) {
        threads.execute(() -> callAgainAndAgain(node));
    }

    /** A connection has ended: who is not reached any more is called at once. */
    synchronized void wakeUp() {
        notifyAll();
    }

    /**
     * Answers no calls from now on, not even open ones without an identified caller: a caller would take an ending node
     * for one that has restarted.
     */
    void answerNobody() {
        try {
            if (door != null) {
                door.close();
            }
        } catch (IOException e) {
            // The listener has stopped in any case.
        }
    }

    private synchronized void pause(Duration time) throws InterruptedException {
        if (!closed) {
            wait(time.toMillis());
        }
    }

    /** Ends all connections, and opens no more. */
    void close() {
        closed = true;
        wakeUp();
        answerNobody();
        try {
            if (door != null) {
                // Until the thread that listens has noticed, the system keeps the address.
                deaf.await(GREETING.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(Connection::close);
        // Calls that begin now find their socket closed; idle threads end by themselves.
        socketTimeouts.close();
    }

    private void listen() {
        try {
            acceptUntilClosed();
        } finally {
            deaf.countDown();
        }
    }

    private void acceptUntilClosed() {
        while (!closed && !door.isClosed()) {
            try {
                Socket raw = door.accept();
                if (strangers.tryAcquire()) {
                    threads.execute(() -> answer(raw));
                } else {
                    Connection.close(raw);
                }
            } catch (IOException e) {
                if (!closed && !door.isClosed()) {
                    // Too many open files, perhaps.
                    breathe();
                }
            }
        }
    }

    private static void breathe() {
        try {
            TimeUnit.MILLISECONDS.sleep(BREATH.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Socket raw) {
        Connection connection = null;
        SocketTimeouts.Limit limit = socketTimeouts.limit(raw, GREETING);
        try {
            connection = accepted(raw);
        } catch (Handshake.NotUnderstood e) {
            host.notUnderstood(e.node(), e.getMessage());
        } catch (Sockets.Refused e) {
            host.notUnderstood(Optional.empty(), e.getMessage());
        } catch (SSLException e) {
            if (Sockets.isRefusal(e)) {
                host.notUnderstood(Optional.empty(), "it refuses the certificate of this node");
            }
        } catch (IOException | IllegalArgumentException e) {
            // The other side has sent nothing or closed the connection: it will call again.
        } finally {
            limit.end();
            strangers.release();
            use(raw, connection, false);
        }
    }

    private Connection accepted(Socket raw) throws IOException {
        raw.setTcpNoDelay(true);
        Socket socket = sockets.secured(raw, false);
        Handshake.Meeting meeting = handshake.accepted(socket);
        if (door.isClosed()) {
            return null;
        }
        handshake.answer(meeting, host.hello());
        if (!host.takes(meeting.theirs())) {
            return null;
        }
        Frames.Frame word = meeting.frames().read(WORD);
        boolean isWelcome =
                word.kind() == Frames.Kind.WIRE && codecs.wires().decode(word.content()) instanceof NodeMessage.Welcome;
        return isWelcome ? connection(raw, socket, meeting) : null;
    }

    private Connection connection(Socket raw, Socket socket, Handshake.Meeting meeting) {
        NodeMessage.Hello theirs = meeting.theirs();
        return new Connection(
                theirs,
                raw,
                socket,
                meeting.frames(),
                usualBytes,
                large,
                codecs,
                message -> replica.accept(theirs.from(), message),
                host);
    }

    /** Reads until the connection ends; without one, closes what is there. */
    private void use(Socket raw, Connection connection, boolean dialled) {
        open.add(raw);
        try {
            if (connection != null && !closed) {
                // The other side is welcome when this one counts it in: a node that is told to end between the two
                // would
                // be met and not take its leave.
                if (host.opened(connection) && dialled) {
                    connection.tellFirst(new NodeMessage.Welcome());
                }
                connection.startWriting();
                connection.read();
            }
        } finally {
            open.remove(raw);
            Connection.close(raw);
        }
    }

    private void callAgainAndAgain(NodeId node) {
        Semaphore calls = new Semaphore(MOST_CALLS);
        try {
            for (int i = 0; !closed && remoteNodes.isMember(node); i++) {
                if (!remoteNodes.isReached(node) && calls.tryAcquire()) {
                    List<Address> addresses = remoteNodes.addressesOf(node);
                    Address at = addresses.get(i % addresses.size());
                    threads.execute(() -> call(node, at, calls));
                }
                pause(remoteNodes.isStranger(node) ? CALL_STRANGER : CALL);
                breathe();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(NodeId node, Address at, Semaphore calls) {
        Connection connection = null;
        boolean somebodyListens = false;
        Socket raw = new Socket();
        SocketTimeouts.Limit limit = socketTimeouts.limit(raw, GREETING);
        try {
            if (from.isPresent()) {
                raw.bind(new InetSocketAddress(from.get(), 0));
            }
            raw.connect(new InetSocketAddress(at.host(), at.port()), (int) GREETING.toMillis());
            somebodyListens = true;
            connection = dialled(node, raw);
        } catch (Handshake.NotUnderstood e) {
            host.notUnderstood(Optional.of(node), e.getMessage());
        } catch (Sockets.Refused e) {
            host.distrusted(node, e.getMessage());
        } catch (IOException | IllegalArgumentException e) {
            // As with a node that is cut off, suspended, or still starting.
        } finally {
            limit.end();
            calls.release();
            if (connection == null) {
                host.called(node, somebodyListens);
            }
            use(raw, connection, true);
        }
    }

    private Connection dialled(NodeId node, Socket raw) throws IOException {
        raw.setTcpNoDelay(true);
        Socket socket = sockets.secured(raw, true);
        Handshake.Meeting meeting = handshake.dialled(socket, host.hello());
        NodeMessage.Hello theirs = meeting.theirs();
        if (!theirs.from().equals(node)) {
            throw new Handshake.NotUnderstood(Optional.of(node), "node " + theirs.from() + " answers at its address");
        }
        // Another call, of this side or the other, may have been quicker.
        if (remoteNodes.isReached(node, theirs.process()) || !host.takes(theirs)) {
            return null;
        }
        return connection(raw, socket, meeting);
    }
}
