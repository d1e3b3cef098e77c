package io.orrery.soak;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** One connection through a relay, in both directions. Single-threaded. */
final class RelayedConnection {
    static final int CHUNK = 64 << 10;
    /** The buffer limit of one direction; beyond it data wait at the sender. */
    private static final int MOST_WAITING = 1 << 20;

    private final Selector selector;
    private final SocketChannel caller;
    private final SocketChannel called;
    private final InetSocketAddress target;
    private final Direction there;
    private final Direction back;
    private boolean connecting;

    /** @param due the earliest time of delivery, by {@link System#nanoTime} */
    private record Chunk(ByteBuffer bytes, long due) {}

    /** The data from one side to the other. */
    private static final class Direction {
        private final SocketChannel from;
        private final SocketChannel to;
        private final Supplier<NetworkConditions.Condition> link;
        private final Deque<Chunk> waiting = new ArrayDeque<>();
        private int waitingBytes;
        private boolean sourceEnded;
        private boolean ended;
        private boolean full;
        /**
         * Whether the last check found the link cut; {@link #waits} must use the same observation, since the link may
         * change meanwhile.
         */
        private boolean heldUp;

        Direction(SocketChannel from, SocketChannel to, Supplier<NetworkConditions.Condition> link) {
            this.from = from;
            this.to = to;
            this.link = link;
        }

        void proceed(long now, ByteBuffer scratch) throws IOException {
            NetworkConditions.Condition condition = link.get();
            heldUp = condition.cut();
            if (heldUp) {
                return;
            }
            while (!sourceEnded && waitingBytes < MOST_WAITING) {
                int count = from.read(scratch.clear());
                if (count <= 0) {
                    sourceEnded = count < 0;
                    break;
                }
                ByteBuffer bytes =
                        ByteBuffer.allocate(count).put(scratch.flip()).flip();
                waiting.add(new Chunk(bytes, now + condition.delayNanos()));
                waitingBytes += count;
            }
            full = false;
            while (!full && !waiting.isEmpty() && waiting.peek().due() - now <= 0) {
                ByteBuffer bytes = waiting.peek().bytes();
                waitingBytes -= to.write(bytes);
                full = bytes.hasRemaining();
                if (!full) {
                    waiting.remove();
                }
            }
            if (sourceEnded && waiting.isEmpty() && !ended) {
                ended = true;
                to.shutdownOutput();
            }
        }

        boolean isCut() {
            heldUp = link.get().cut();
            return heldUp;
        }

        /** Whether data will be deliverable by the passing of time alone. */
        boolean waits() {
            return heldUp || !waiting.isEmpty() && !full;
        }

        boolean wantsToRead() {
            return !sourceEnded && waitingBytes < MOST_WAITING && !heldUp;
        }

        boolean wantsToWrite() {
            return full && !heldUp;
        }
    }

    /**
     * @param target the address to forward to, once the connection to it is open
     * @param there the link to the target
     * @param back the link to the caller
     */
    RelayedConnection(
            SocketChannel caller,
            InetSocketAddress target,
            Selector selector,
            Supplier<NetworkConditions.Condition> there,
            Supplier<NetworkConditions.Condition> back)
            throws IOException {
        this.selector = selector;
        this.caller = caller;
        this.called = SocketChannel.open();
        this.target = target;
        this.there = new Direction(caller, called, there);
        this.back = new Direction(called, caller, back);
        for (SocketChannel channel : new SocketChannel[] {caller, called}) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /**
     * Forwards what it can now.
     *
     * @param now by {@link System#nanoTime}
     * @param scratch a buffer of {@link #CHUNK} bytes, used during the call only
     * @return false if the connection has ended
     */
    boolean proceed(long now, ByteBuffer scratch) {
        try {
            if (!called.isConnected() && !connect()) {
                return true;
            }
            there.proceed(now, scratch);
            back.proceed(now, scratch);
            if (there.ended && back.ended) {
                end();
                return false;
            }
            await(caller, there, back);
            await(called, back, there);
            return true;
        } catch (IOException e) {
            // One side has reset the connection or refuses it: resets the other side too.
            end();
            return false;
        }
    }

    private boolean connect() throws IOException {
        if (!connecting) {
            if (there.isCut()) {
                return false;
            }
            connecting = true;
            if (called.connect(target)) {
                return true;
            }
            called.register(selector, SelectionKey.OP_CONNECT);
        }
        return called.finishConnect();
    }

    private void await(SocketChannel channel, Direction out, Direction in) throws IOException {
        int reads = out.wantsToRead() ? SelectionKey.OP_READ : 0;
        int writes = in.wantsToWrite() ? SelectionKey.OP_WRITE : 0;
        channel.register(selector, reads | writes);
    }

    /** Whether it must be polled even without new data. */
    boolean waits() {
        return there.waits() || back.waits();
    }

    /** Resets both sides. */
    void end() {
        reset(caller);
        reset(called);
    }

    static void reset(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException | UnsupportedOperationException e) {
            // It has ended by itself.
        }
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to close.
        }
    }
}
