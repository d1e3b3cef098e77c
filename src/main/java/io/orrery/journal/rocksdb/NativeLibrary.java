package io.orrery.journal.rocksdb;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.util.Environment;

/** The part of RocksDB that is no Java: it comes packed in a jar. */
public final class NativeLibrary {
    private NativeLibrary() {}

    /**
     * Loads it, once for the process: from {@code java.library.path}, where it may have been unpacked, or else from the jar. Then
     * it is put into the data directory, where the next start finds the same place: in the system's directory for
     * temporary files each process that is killed would leave one behind.
     */
    static void load(Path dataDirectory) throws IOException {
        try {
            NativeLibraryLoader.getInstance()
                    .loadLibrary(dataDirectory.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            // From a disk that is mounted for data alone nothing can be run.
            NativeLibraryLoader.getInstance().loadLibrary(null);
        }
    }

    /**
     * Unpacks it into a directory for {@code java.library.path}, so that no start need do so. A process that has loaded an
     * earlier copy keeps it.
     *
     * @throws IOException when there is none for this system, or the directory cannot be written to
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
