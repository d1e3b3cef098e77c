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
 * A new directory for the files of a measurement or of a run. It is deleted with all that is in it when it is closed, and
 * when this process is told to end before, as by Ctrl-C, unless it is to be kept.
 */
public final class ScratchDirectory implements AutoCloseable {
    /** By then nodes have ended, in order or not: see {@link Nodes#grace}. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path path;
    private final Thread hook = new Thread(this::deleteAtShutdown, "delete-scratch-directory");
    private boolean isKept;

    private ScratchDirectory(Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** @throws NotDirectoryException when there is no such parent */
    public static ScratchDirectory in(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            throw new NotDirectoryException(parent.toString());
        }
        return in(parent, "bench");
    }

    private static ScratchDirectory in(Path parent, String name) throws IOException {
        return new ScratchDirectory(Files.createTempDirectory(parent.toAbsolutePath(), "orrery-" + name + "-"));
    }

    /** Where the system has its temporary files. */
    public static ScratchDirectory temporary() throws IOException {
        return in(temporaryFiles());
    }

    /** As {@link #temporary()}; whoever finds it sees by the name what it is of. */
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
     * From now on it is not deleted any more.
     *
     * @return false when it is too late: this process is ending, and deletes it
     */
    boolean keep() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            isKept = true;
            return true;
        } catch (IllegalStateException e) {
            return false; // The shutdown has begun: the hook deletes it.
        }
    }

    /**
     * Hooks run side by side, and other threads go on meanwhile. Those that have started processes which write here end
     * them; what writes here in this process itself fails when its files are gone, and may have made others before.
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
            // It is as good as it gets.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
