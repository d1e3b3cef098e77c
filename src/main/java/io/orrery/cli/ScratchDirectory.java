package io.orrery.cli;

import io.orrery.launch.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** A new directory for the files of a measurement; it is deleted with all that is in it when it is closed. */
record ScratchDirectory(Path path) implements AutoCloseable {
    /** @throws NotDirectoryException when there is no such parent */
    static ScratchDirectory in(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            throw new NotDirectoryException(parent.toString());
        }
        return new ScratchDirectory(Files.createTempDirectory(parent.toAbsolutePath(), "orrery-bench-"));
    }

    @Override
    public void close() throws IOException {
        Directories.delete(path);
    }
}
