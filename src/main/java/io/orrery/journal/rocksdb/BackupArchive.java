package io.orrery.journal.rocksdb;

import io.orrery.journal.JournalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A stream of a backup: a ZIP archive of the files of a checkpoint, which ends with their index. Without the index the
 * archive is incomplete. It is made in small parts while it is read. Closing it closes the checkpoint.
 */
public final class BackupArchive extends InputStream {
    private static final int PART = 64 << 10;

    private final JournalCheckpoint checkpoint;
    private final Iterator<Path> files;
    private final List<BackupIndex.Entry> packed = new ArrayList<>();
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(2 * PART);
    private final ZipOutputStream zip = new ZipOutputStream(buffer);
    private final MessageDigest digest = BackupIndex.sha256();
    private final byte[] part = new byte[PART];
    private byte[] ready = {};
    private int taken;
    private boolean ended;

    /** The file that is being packed; null between two files. */
    private InputStream file;

    private String name;
    private long bytes;

    private BackupArchive(JournalCheckpoint checkpoint, List<Path> files) {
        this.checkpoint = checkpoint;
        this.files = files.iterator();
        zip.setLevel(Deflater.NO_COMPRESSION); // RocksDB has compressed the files.
    }

    /** @throws JournalException if the files of the checkpoint cannot be listed; the checkpoint is closed then */
    static BackupArchive of(JournalCheckpoint checkpoint) {
        try {
            return new BackupArchive(checkpoint, checkpoint.files());
        } catch (IOException e) {
            checkpoint.close();
            throw new JournalException("the checkpoint cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (taken == ready.length) {
            if (ended) {
                return -1;
            }
            pack();
            ready = buffer.toByteArray();
            taken = 0;
            buffer.reset();
        }
        int now = Math.min(length, ready.length - taken);
        System.arraycopy(ready, taken, into, offset, now);
        taken += now;
        return now;
    }

    private void pack() throws IOException {
        if (file == null && files.hasNext()) {
            Path next = files.next();
            name = next.getFileName().toString();
            file = Files.newInputStream(next);
            bytes = 0;
            zip.putNextEntry(new ZipEntry(name));
        } else if (file == null) {
            zip.putNextEntry(new ZipEntry(BackupIndex.FILE));
            zip.write(new BackupIndex(BackupIndex.FORMAT, checkpoint.owner(), packed).written());
            zip.finish();
            ended = true;
        } else {
            int read = file.read(part);
            if (read < 0) {
                file.close();
                file = null;
                zip.closeEntry();
                packed.add(new BackupIndex.Entry(name, bytes, HexFormat.of().formatHex(digest.digest())));
            } else {
                bytes += read;
                digest.update(part, 0, read);
                zip.write(part, 0, read);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (checkpoint) {
            if (file != null) {
                file.close();
            }
        }
    }

    /**
     * Unpacks an archive into a backup.
     *
     * @param to is made with the whole backup, or not at all
     * @throws JournalException if there is something at that path, or the archive is incomplete
     */
    public static BackupIndex unpack(InputStream archive, Path to) throws IOException {
        requireNothing(to);
        Path parent = to.toAbsolutePath().getParent();
        Path unfinished = Files.createTempDirectory(parent, to.getFileName() + ".");
        try (ZipInputStream zip = new ZipInputStream(archive)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!BackupIndex.isName(entry.getName())) {
                    throw new JournalException("the backup names a file that does not belong to a database");
                }
                write(zip, unfinished.resolve(entry.getName()));
            }
            BackupIndex index = BackupIndex.whole(unfinished);
            Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE);
            return index;
        } finally {
            RocksDbFiles.delete(unfinished);
        }
    }

    /** @throws JournalException if there is a file or directory at that path */
    public static void requireNothing(Path to) {
        if (Files.exists(to)) {
            throw new JournalException(to + " exists already; a backup needs a new place");
        }
        Path parent = to.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new JournalException(to + ": there is no folder " + parent);
        }
    }

    /** When this returns, the file is on disk. */
    static void write(InputStream from, Path to) throws IOException {
        try (FileChannel file = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(file)) {
            from.transferTo(out);
            file.force(true);
        }
    }
}
