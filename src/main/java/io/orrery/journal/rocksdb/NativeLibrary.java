package io.orrery.journal.rocksdb;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.util.Environment;

/** The native library of RocksDB, which is packed in a jar. */
public final class NativeLibrary {
    private NativeLibrary() {}

    /**
     * Loads the library once in a process: from {@code java.library.path} if it was unpacked there, otherwise from the jar. In
     * the second case the data directory gets a copy, at a path that the next start uses again. In the system's directory for temporary
     * files each killed process would leave a copy behind.
     */
    static void load(Path dataDirectory) throws IOException {
        try {
            NativeLibraryLoader.getInstance()
                    .loadLibrary(dataDirectory.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            // A disk that is mounted with noexec cannot run it.
            NativeLibraryLoader.getInstance().loadLibrary(null);
        }
    }

    /**
     * Unpacks the library into a directory for {@code java.library.path}, so that a start need not do it. A process that has
     * loaded an earlier copy keeps that copy.
     *
     * @throws IOException if there is no library for this system, or the directory is not writable
     */
    public static void unpack(Path directory) throws IOException {
        String name = Environment.getJniLibraryFileName("rocksdb");
        try (InputStream packed = NativeLibraryLoader.class.getResourceAsStream("/" + name)) {
            if (packed == null) {
                throw new FileNotFoundException("RocksDB has no " + name);
            }
            Files.createDirectories(directory);
            Path unfinished = directory.resolve(name + ".new");
            Files.copy(packed, unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
