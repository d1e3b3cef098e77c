package io.orrery.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Fills a small file system, and empties it again. */
final class DiskFiller {
    /** A soak fills no disk that is larger: whoever shares it would suffer. */
    static final long LARGEST = 1L << 30;

    private static final int CHUNK = 64 << 10;

    private final Path file;

    /** @param directory on the file system */
    DiskFiller(Path directory) {
        this.file = directory.resolve("filler");
    }

    void fill() throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            for (int size = CHUNK; size > 0; size /= 2) {
                fill(channel, size);
            }
        }
    }

    private static void fill(FileChannel channel, int size) {
        try {
            while (true) {
                channel.write(ByteBuffer.allocate(size));
            }
        } catch (IOException e) {
            // It is full, but for less than that.
        }
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
