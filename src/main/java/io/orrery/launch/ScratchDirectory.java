package io.orrery.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A temporary directory for a measurement or a run. It is deleted when it is closed, or when this process is told to
 * end before that, as by Ctrl-C, unless it is kept.
 */
public final class ScratchDirectory implements AutoCloseable {
    /** Longer than nodes take to end, in order or not: see {@link Nodes#grace}. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path path;
    private final Thread hook = new Thread(this::deleteAtShutdown, "delete-scratch-directory");
    private boolean isKept;

    private ScratchDirectory(Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** @throws NotDirectoryException if the parent does not exist */
    public static ScratchDirectory in(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            throw new NotDirectoryException(parent.toString());
        }
        return in(parent, "bench");
    }

    private static ScratchDirectory in(Path parent, String name) throws IOException {
        return new ScratchDirectory(Files.createTempDirectory(parent.toAbsolutePath(), "orrery-" + name + "-"));
    }

    /** In the system's directory for temporary files. */
    public static ScratchDirectory temporary() throws IOException {
        return in(temporaryFiles());
    }

    /** Like {@link #temporary()}, with a name that tells what it is for. */
    static ScratchDirectory temporary(String name) throws IOException {
        return in(temporaryFiles(), name);
    }

    private static Path temporaryFiles() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (!isKept && keep()) {
            Directories.delete(path);
        }
    }

    /**
     * Prevents its deletion.
     *
     * @return false if it is too late: this process is ending and deletes it
     */
    boolean keep() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            isKept = true;
            return true;
        } catch (IllegalStateException e) {
            return false; // the shutdown has begun: the hook deletes it
        }
    }

    /**
     * Shutdown hooks run concurrently, and other threads continue meanwhile. Child processes that write here are ended
     * by their own hooks. Threads of this process that write here fail once their files are gone, but may create new
     * ones first, so this retries.
     */
    private void deleteAtShutdown() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.exists(path) && System.nanoTime() - deadline < 0) {
            ProcessHandle.current().descendants().forEach(process -> awaitEnd(process, deadline));
            try {
                Directories.delete(path);
            } catch (IOException | UncheckedIOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private static void awaitEnd(ProcessHandle process, long deadline) {
        try {
            process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Nothing more can be done.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
