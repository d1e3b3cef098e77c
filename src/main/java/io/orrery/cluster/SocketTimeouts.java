package io.orrery.cluster;

import io.orrery.model.DaemonThreads;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Closes sockets on which an operation exceeds its total time, even if some bytes arrive in between. */
final class SocketTimeouts {
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.named("cluster-watch"));

    SocketTimeouts() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Until this ends, time runs. */
    interface Limit {
        void end();
    }

    /** Closes a socket after a time, unless the limit ends before. */
    Limit limit(Socket socket, Duration time) {
        try {
            Future<?> end = timer.schedule(() -> Connection.close(socket), time.toMillis(), TimeUnit.MILLISECONDS);
            return () -> end.cancel(false);
        } catch (RejectedExecutionException closed) {
            Connection.close(socket);
            return () -> {};
        }
    }

    void close() {
        timer.shutdownNow();
    }
}
