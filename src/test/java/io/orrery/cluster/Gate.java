package io.orrery.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a node, at the address that the others know, and lets through what comes from whom it is told. */
final class Gate implements AutoCloseable {
    /** What happens to what a caller says, and to what is said to him. */
    enum Cut {
        /** Connections end, and new ones too. */
        CLOSED,
        /** Nothing goes through, until the cut ends: then all does. */
        STALLED,
        /** Nothing goes through, ever, on any connection that was there in the cut; nobody is told. */
        LOST
    }

    private final ServerSocket door;
    private final int behind;
    private final Map<InetAddress, Cut> cuts = new HashMap<>();
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();

    private static final class Pair {
        private final Socket caller;
        private final Socket node = new Socket();
        private volatile boolean isLost;

        Pair(Socket caller) {
            this.caller = caller;
        }

        void close() {
            Connection.close(caller);
            Connection.close(node);
        }
    }

    /** @param behind the port of the node, on 127.0.0.1 */
    Gate(int port, int behind) throws IOException {
        this.behind = behind;
        door = new ServerSocket();
        door.bind(new InetSocketAddress("127.0.0.1", port));
        run(this::listen);
    }

    private interface Action {
        void run() throws IOException, InterruptedException;
    }

    private static void run(Action action) {
        Thread thread = new Thread(
                () -> {
                    try {
                        action.run();
                    } catch (IOException | InterruptedException e) {
                        // The connection, or the test, has ended.
                    }
                },
                "gate");
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on, for a caller with this local address. */
    synchronized void cut(String caller, Cut how) throws IOException {
        InetAddress address = InetAddress.getByName(caller);
        cuts.put(address, how);
        for (Pair pair : pairs) {
            if (pair.caller.getInetAddress().equals(address)) {
                treat(pair, how);
            }
        }
    }

    private static void treat(Pair pair, Cut how) {
        if (how == Cut.LOST) {
            pair.isLost = true;
        } else if (how == Cut.CLOSED) {
            pair.close();
        }
    }

    synchronized void heal() {
        cuts.clear();
        notifyAll();
    }

    private void listen() throws IOException {
        while (true) {
            Pair pair = new Pair(door.accept());
            synchronized (this) {
                pairs.add(pair);
                treat(pair, cuts.get(pair.caller.getInetAddress()));
            }
            run(() -> {
                try {
                    pair.node.connect(new InetSocketAddress("127.0.0.1", behind));
                    run(() -> pump(pair, pair.node, pair.caller));
                    pump(pair, pair.caller, pair.node);
                } finally {
                    pair.close();
                }
            });
        }
    }

    private void pump(Pair pair, Socket from, Socket to) throws IOException, InterruptedException {
        try {
            byte[] bytes = new byte[1 << 16];
            for (int read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                synchronized (this) {
                    while (cuts.get(pair.caller.getInetAddress()) == Cut.STALLED) {
                        wait();
                    }
                }
                if (!pair.isLost) {
                    to.getOutputStream().write(bytes, 0, read);
                }
            }
        } finally {
            if (!pair.isLost) {
                pair.close();
            }
            pairs.remove(pair);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        pairs.forEach(Pair::close);
        heal();
    }
}
