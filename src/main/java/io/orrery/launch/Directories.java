package io.orrery.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is done with whole directories. */
public final class Directories {
    private Directories() {}

    /** Deletes a directory with all that is in it. */
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
     * Copies a directory with all that is in it.
     *
     * @param to is made, with the directories above it, and was not there before
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
