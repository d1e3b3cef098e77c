package io.orrery.soak;

import io.orrery.model.DaemonThreads;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * TCP relays at the public addresses of replicas, which forward data as {@link NetworkConditions} decides. Each process
 * calls from an address of its own, which identifies the caller. A cut delays data without closing the connection, like
 * a network that loses packets for a while.
 *
 * <p>One thread does all the work; the methods may be called from any thread.
 */
final class Relays implements AutoCloseable {
    /** The interval for checking whether delayed or cut-off data can be forwarded. */
    private static final int GLANCE_MILLIS = 2;

    private final NetworkConditions networkConditions;
    private final Map<InetAddress, NodeId> callers = new ConcurrentHashMap<>();
    private final Map<NodeId, Relay> relays = new ConcurrentHashMap<>();
    private final List<RelayedConnection> passages = new ArrayList<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(RelayedConnection.CHUNK);
    private final Selector selector;
    private volatile boolean closed;

    /** A replica's public address, and the address to forward to, by caller; null is the default for other callers. */
    private final class Relay {
        private final NodeId to;
        private final InetSocketAddress address;
        private ServerSocketChannel listening;
        private Map<NodeId, InetSocketAddress> exceptions = Map.of();
        private Optional<InetSocketAddress> usual = Optional.empty();

        Relay(NodeId to, InetSocketAddress address) {
            this.to = to;
            this.address = address;
        }

        void open() throws IOException {
            if (listening == null) {
                ServerSocketChannel opened = ServerSocketChannel.open();
                try {
                    opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    opened.bind(address);
                    opened.configureBlocking(false);
                    opened.register(selector, SelectionKey.OP_ACCEPT, this);
                } catch (IOException e) {
                    opened.close();
                    throw e;
                }
                listening = opened;
            }
        }

        void shut() throws IOException {
            if (listening != null) {
                listening.close();
                listening = null;
                // A selector closes a registered channel only at its next selection.
                selector.selectNow();
            }
        }

        void accept() throws IOException {
            SocketChannel caller = listening.accept();
            if (caller == null) {
                return;
            }
            NodeId from = callers.get(((InetSocketAddress) caller.getRemoteAddress()).getAddress());
            Optional<InetSocketAddress> target = from == null
                    ? usual
                    : Optional.ofNullable(exceptions.get(from)).or(() -> usual);
            if (target.isEmpty()) {
                RelayedConnection.reset(caller);
                return;
            }
            passages.add(
                    new RelayedConnection(caller, target.get(), selector, () -> link(from, to), () -> link(to, from)));
        }
    }

    Relays(NetworkConditions networkConditions) throws IOException {
        this.networkConditions = networkConditions;
        this.selector = Selector.open();
        DaemonThreads.start("relays", this::run);
    }

    /** Connections that do not come from a replica, such as port probes, are neither cut nor delayed. */
    private NetworkConditions.Condition link(NodeId from, NodeId to) {
        return from == null || to == null ? NetworkConditions.Condition.FAIR : networkConditions.of(from, to);
    }

    /** Declares that a process of this replica calls from this address. */
    void know(InetAddress caller, NodeId replica) {
        callers.put(caller, replica);
    }

    /**
     * Listens at the address of a replica, and refuses callers for now.
     *
     * @throws IOException if the address cannot be bound
     */
    void add(NodeId replica, InetSocketAddress address) throws IOException {
        Relay relay = new Relay(replica, address);
        relays.put(replica, relay);
        perform(relay::open);
        perform(relay::shut);
    }

    /** Forwards all callers of a replica to this address from now on. */
    void pass(NodeId replica, InetSocketAddress to) {
        pass(replica, to, Map.of());
    }

    /**
     * Forwards the callers of a replica from now on.
     *
     * @param to the target for callers without an entry in {@code others}
     * @param others the targets of particular callers
     */
    void pass(NodeId replica, InetSocketAddress to, Map<NodeId, InetSocketAddress> others) {
        Relay relay = relays.get(replica);
        expect(() -> {
            relay.usual = Optional.of(to);
            relay.exceptions = new HashMap<>(others);
            relay.open();
        });
    }

    /** Refuses the callers of a replica from now on: its process has ended. */
    void shut(NodeId replica) {
        Relay relay = relays.get(replica);
        expect(() -> {
            relay.usual = Optional.empty();
            relay.shut();
        });
    }

    /** A task for the thread. */
    private interface Task {
        void run() throws IOException;
    }

    private void expect(Task task) {
        try {
            perform(task);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void perform(Task task) throws IOException {
        CompletableFuture<Optional<IOException>> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                task.run();
                done.complete(Optional.empty());
            } catch (IOException e) {
                done.complete(Optional.of(e));
            }
        });
        selector.wakeup();
        Optional<IOException> failure = done.join();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void run() {
        try (selector) {
            while (!closed) {
                boolean waiting = passages.stream().anyMatch(RelayedConnection::waits);
                if (waiting) {
                    selector.select(GLANCE_MILLIS);
                } else {
                    selector.select();
                }
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.attachment() instanceof Relay relay) {
                        relay.accept();
                    }
                }
                selector.selectedKeys().clear();
                long now = System.nanoTime();
                passages.removeIf(relayedConnection -> !relayedConnection.proceed(now, scratch));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the relays have failed", e);
        }
    }

    @Override
    public void close() {
        tasks.add(() -> {
            passages.forEach(RelayedConnection::end);
            passages.clear();
        });
        relays.keySet().forEach(this::shut);
        closed = true;
        selector.wakeup();
    }
}
