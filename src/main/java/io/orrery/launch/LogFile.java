package io.orrery.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A log of lines that does not grow without bounds: when it is opened, and when it is full, the one before is kept with
 * {@code .1} after its name, and the one before that is dropped.
 */
final class LogFile implements AutoCloseable {
    private final Path file;
    private final long limit;
    private OutputStream out;
    private long size;

    /** @param limit of its size, in bytes */
    LogFile(Path file, long limit) throws IOException {
        this.file = file;
        this.limit = limit;
        Files.createDirectories(file.getParent());
        begin();
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
        out.close();
    }
}
