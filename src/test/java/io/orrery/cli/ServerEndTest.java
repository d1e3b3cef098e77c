package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServerEndTest {
    private final BlockingQueue<Integer> exitCodes = new LinkedBlockingQueue<>();
    private final ServerEnd end = new ServerEnd(exitCodes::add);

    @Test
    void aSignalEndsAServerThatStartsAtOnce() throws Exception {
        end.told();
        assertEquals(ExitCode.OK, exitCodes.take());
    }

    @Test
    void aSignalEndsAServerInOrder() throws Exception {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        end.started(() -> stopped, Duration.ofMinutes(1));
        Thread hook = new Thread(end::told);
        hook.start();
        stopped.complete(null);
        assertEquals(ExitCode.OK, exitCodes.take());
        hook.join();
    }

    @Test
    void aStopThatFailsIsSaid() throws Exception {
        end.started(() -> CompletableFuture.failedFuture(new IllegalStateException("why")), Duration.ofMinutes(1));
        end.told();
        assertEquals(ExitCode.NO, exitCodes.take());
    }

    @Test
    void aStopThatHangsIsCutShort() throws Exception {
        end.started(CompletableFuture::new, Duration.ofMillis(20));
        Thread hook = new Thread(end::told);
        hook.setDaemon(true);
        hook.start();
        assertEquals(ExitCode.FATAL, exitCodes.take());
    }

    /** As when there is no memory left for the shutdown itself. */
    @Test
    void aStopThatCannotEvenBeginEndsAtOnce() throws Exception {
        end.started(
                () -> {
                    throw new OutOfMemoryError("planted");
                },
                Duration.ofMinutes(1));
        end.told();
        assertEquals(ExitCode.FATAL, exitCodes.take());
    }
}
