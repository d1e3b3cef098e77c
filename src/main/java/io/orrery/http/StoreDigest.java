package io.orrery.http;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Version;
import io.orrery.replica.ReplicaActor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * Digests of a replica's contents at one moment, by ranges of keys: replicas with the same contents have the same
 * digest for each range. The digest of a key covers its version and its value or deletion; the digest of a range covers
 * those of its keys, in order. The contents are read once, and the digest of a range costs time in proportion to its
 * number of keys. Holds keys and versions, not values.
 *
 * <p>Source: Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987 (checksums); Merkle,
 * "A Digital Signature Based on a Conventional Encryption Function", CRYPTO 1987.
 */
final class StoreDigest {
    /** The bytes kept of a SHA-256 hash: enough to make an accidental collision negligible. */
    private static final int BYTES = 16;

    /** A key with its version, and the digest of key, version and value. */
    record Entry(Key key, Version version, boolean isDeleted, String digest) {}

    /** A range of keys, by their indices. */
    record Range(int first, int end) {
        int keys() {
            return end - first;
        }
    }

    private final NodeId node;
    private final List<Key> keys;
    private final List<Version> versions;
    private final boolean[] deleted;
    private final byte[] digests;

    StoreDigest(ReplicaActor.Data data) {
        List<Update> updates = data.sorted();
        this.node = data.node();
        this.keys = new ArrayList<>(updates.size());
        this.versions = new ArrayList<>(updates.size());
        this.deleted = new boolean[updates.size()];
        this.digests = new byte[updates.size() * BYTES];
        MessageDigest sha = sha256();
        for (int i = 0; i < updates.size(); i++) {
            Update update = updates.get(i);
            keys.add(update.key());
            versions.add(update.version());
            deleted[i] = update.value().isEmpty();
            add(sha, update.key().name());
            add(sha, update.version().text());
            update.value().ifPresent(value -> add(sha, value.json()));
            System.arraycopy(sha.digest(), 0, digests, i * BYTES, BYTES);
        }
    }

    /** Includes the length, so that different lists of texts have different encodings. */
    private static void add(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int shift = 24; shift >= 0; shift -= 8) {
            sha.update((byte) (bytes.length >>> shift));
        }
        sha.update(bytes);
    }

    NodeId node() {
        return node;
    }

    Range all() {
        return new Range(0, keys.size());
    }

    /**
     * @param from the inclusive lower bound; null for none
     * @param to the exclusive upper bound; null for none
     */
    Range range(Key from, Key to) {
        int first = from == null ? 0 : place(from);
        return new Range(first, Math.max(first, to == null ? keys.size() : place(to)));
    }

    private int place(Key key) {
        int found = Collections.binarySearch(keys, key);
        return found >= 0 ? found : -found - 1;
    }

    /** Keys that split a range into parts of about equal size. */
    List<Key> cuts(Range range, int parts) {
        List<Key> cuts = new ArrayList<>();
        int last = range.first();
        for (int i = 1; i < parts; i++) {
            int at = range.first() + (int) ((long) range.keys() * i / parts);
            if (at > last) {
                cuts.add(keys.get(at));
                last = at;
            }
        }
        return cuts;
    }

    String digest(Range range) {
        MessageDigest sha = sha256();
        sha.update(digests, range.first() * BYTES, range.keys() * BYTES);
        return HexFormat.of().formatHex(sha.digest(), 0, BYTES);
    }

    Entry entry(int place) {
        String digest = HexFormat.of().formatHex(digests, place * BYTES, (place + 1) * BYTES);
        return new Entry(keys.get(place), versions.get(place), deleted[place], digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
