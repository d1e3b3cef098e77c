package io.orrery.journal.rocksdb;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * The owner of a directory or a backup, which is read from its label before it is opened as a journal.
 *
 * @param format of the directory
 * @param protocol null if the label does not have it
 * @param cluster the id of the cluster; null if the directory does not have it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataOwner(int format, String replica, String protocol, String cluster) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final CBORMapper CBOR = new CBORMapper();

    public DataOwner {
        // The id becomes part of the name of a directory.
        NodeId.of(Objects.requireNonNull(replica, "replica"));
    }

    /** @throws JournalException if the directory has no label, or an unreadable one */
    static DataOwner of(Path directory, RocksDB database) throws RocksDBException {
        byte[] label = database.get(JournalLabel.KEY);
        try {
            DataOwner dataOwner = MAPPER.readValue(Objects.requireNonNull(label), DataOwner.class);
            byte[] belonging = database.get(RocksDbStore.BELONGING);
            return belonging == null
                    ? dataOwner
                    : new DataOwner(
                            dataOwner.format,
                            dataOwner.replica,
                            dataOwner.protocol,
                            CBOR.readTree(belonging).path("cluster").textValue());
        } catch (IOException | RuntimeException e) {
            throw new JournalException("the data directory " + directory + " does not name its replica", e);
        }
    }

    /** What the replica has kept of its cluster; empty if nothing. Reads it without changing the directory. */
    static byte[] belonging(Path directory) throws IOException {
        return read(directory, database -> {
            byte[] found = database.get(RocksDbStore.BELONGING);
            return found == null ? new byte[0] : found;
        });
    }

    /**
     * Reads the label of a directory without changing the directory.
     *
     * @throws JournalException if it holds no journal, or a damaged one
     */
    static DataOwner of(Path directory) throws IOException {
        return read(directory, database -> of(directory, database));
    }

    /** Reads something of an open database. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(RocksDB database) throws RocksDBException;
    }

    private static <T> T read(Path directory, Reading<T> reading) throws IOException {
        RocksDbFiles.requireWhole(directory);
        RocksDbFiles.manifest(directory);
        NativeLibrary.load(directory);
        try (Options options = RocksDbFiles.silentOptions();
                RocksDB database = RocksDB.openReadOnly(options, directory.toString())) {
            return reading.of(database);
        } catch (RocksDBException e) {
            throw RocksDbFiles.problem(directory, e);
        }
    }

    /** @throws JournalException if this version does not read directories of this format */
    void requireFormat(Path directory) {
        JournalLabel.requireFormat(directory, format);
    }

    /** @throws JournalException if both have the id of a cluster, and the ids differ */
    void requireSameCluster(Path directory, DataOwner other, Path otherDirectory) {
        if (cluster != null && other.cluster() != null && !cluster.equals(other.cluster())) {
            throw new JournalException(directory + " has data of the cluster " + cluster + ", and " + otherDirectory
                    + " of the cluster " + other.cluster());
        }
    }
}
