package io.orrery.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Operations on directory trees. */
public final class Directories {
    private Directories() {}

    /** Deletes a directory tree. */
    public static void delete(Path directory) throws IOException {
        List<Path> inner;
        try (Stream<Path> all = Files.walk(directory)) {
            inner = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inner) {
            Files.delete(path);
        }
    }

    /**
     * Copies a directory tree.
     *
     * @param to is created with its parents; must not exist yet
     */
    public static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        List<Path> inner;
        try (Stream<Path> all = Files.walk(from)) {
            inner = all.toList();
        }
        for (Path path : inner) {
            Files.copy(path, to.resolve(from.relativize(path)));
        }
    }
}
