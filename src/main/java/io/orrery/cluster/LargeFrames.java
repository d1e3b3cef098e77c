package io.orrery.cluster;

import io.orrery.model.Limits;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Admits frames that are larger than clients may write now: the limit for new values may have been lowered below
 * existing values, which a replica must still be able to fetch. A sender can merely claim a large frame, and a partial
 * frame takes memory; so a process reads one at a time, with a time limit.
 */
final class LargeFrames {
    /** A value that is larger than this passes only where clients may write it. */
    static final int LARGEST_VALUE = Limits.WAITING_BYTES;

    private final int taken;
    private final int most;
    private final Duration time;
    private final SocketTimeouts socketTimeouts;
    private final Semaphore turn = new Semaphore(1, true);

    /** Reads a frame, and takes it in. */
    interface Reading {
        void run() throws IOException;
    }

    /**
     * @param taken the size of the content of a frame that is taken in: what this process has room for
     * @param most the size of the content of any frame; the others may have more room
     * @param time what the other side may take to send one
     */
    LargeFrames(int taken, int most, Duration time, SocketTimeouts socketTimeouts) {
        this.taken = taken;
        this.most = most;
        this.time = time;
        this.socketTimeouts = socketTimeouts;
    }

    /** The size of the content of a frame that is taken in. */
    int taken() {
        return taken;
    }

    /** The size of the content of any frame. */
    int most() {
        return most;
    }

    /** Waits until no other large frame is read, and reads one: the socket is closed when that takes too long. */
    void read(Socket socket, Reading reading) throws IOException {
        turn.acquireUninterruptibly();
        SocketTimeouts.Limit limit = socketTimeouts.limit(socket, time);
        try {
            reading.run();
        } finally {
            limit.end();
            turn.release();
        }
    }
}
