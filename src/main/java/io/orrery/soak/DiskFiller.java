package io.orrery.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Fills and clears a small file system. */
final class DiskFiller {
    /** The largest file system that a soak fills; a larger one is probably shared with others. */
    static final long LARGEST = 1L << 30;

    private static final int CHUNK = 64 << 10;

    private final Path file;

    /** @param directory a directory on the file system */
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
            // The disk has less free space than one block; goes on with smaller blocks.
        }
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
