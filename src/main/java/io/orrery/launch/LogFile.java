package io.orrery.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A log file of bounded size. When it is opened or full, the previous file is renamed with the suffix {@code .1}, which
 * replaces an older one. A lock file with the suffix {@code .lock} ensures a single writing process; it is never
 * deleted.
 */
final class LogFile implements AutoCloseable {
    private final Path file;
    private final long limit;
    private final FileChannel lock;
    private OutputStream out;
    private long size;

    /**
     * @param limit the maximum size in bytes
     * @throws LaunchFailure if another process writes it; nothing has been changed then
     */
    LogFile(Path file, long limit) throws IOException {
        this.file = file;
        this.limit = limit;
        Files.createDirectories(file.getParent());
        this.lock = locked(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            begin();
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Changes nothing.
     *
     * @throws LaunchFailure if a process writes this log
     */
    static void requireUnused(Path file) throws IOException {
        try {
            locked(file, StandardOpenOption.WRITE).close();
        } catch (NoSuchFileException e) {
            // Nobody has written it.
        }
    }

    /** Locks a separate file, because the log itself is renamed. The system releases the lock of a killed process. */
    private static FileChannel locked(Path file, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"), options);
        boolean isLocked = false;
        try {
            isLocked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // This process writes it already.
        } finally {
            if (!isLocked) {
                channel.close();
            }
        }
        if (!isLocked) {
            throw new LaunchFailure(
                    "the log " + file + " is in use: nodes that were started earlier still run with this data");
        }
        return channel;
    }

    private void begin() throws IOException {
        if (Files.exists(file)) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        out = Files.newOutputStream(file);
        size = 0;
    }

    synchronized void append(String line) throws IOException {
        byte[] bytes = (line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        if (size > 0 && size + bytes.length > limit) {
            out.close();
            begin();
        }
        out.write(bytes);
        size += bytes.length;
    }

    @Override
    public synchronized void close() throws IOException {
        try (lock) {
            out.close();
        }
    }
}
