package io.orrery.client;

import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares several replicas by their {@code /digest}: whether they hold the same, and if not, which keys differ. It
 * splits each range whose digests differ and descends into the parts that differ. The data sent grows linearly with the
 * number of differing keys, and logarithmically with the number of all keys.
 */
final class ReplicaComparison {
    /** A range with at most this many keys is listed instead of split. */
    private static final long FEW = 32;

    /** What a replica holds for a key. */
    record KeyDigest(String version, boolean isDeleted, String digest) {
        private static KeyDigest of(Document entry) {
            return new KeyDigest(entry.text("version"), entry.has("deleted"), entry.text("digest"));
        }
    }

    /**
     * The digest of a replica's whole store.
     *
     * @param number identifies the digest in further requests
     */
    record Whole(String node, String number, long keys, String digest) {
        static Whole of(Document answer) {
            return new Whole(
                    answer.text("node"),
                    answer.text("number"),
                    Long.parseLong(answer.text("keys")),
                    answer.text("digest"));
        }
    }

    private record Range(String from, String to) {
        String members() {
            return member("from", from) + member("to", to);
        }

        private static String member(String name, String key) {
            return key == null ? "" : ",\"" + name + "\":" + Value.of(key).json();
        }
    }

    /** A replica and the client that asks it. */
    private record Asked(RestClient client, Whole whole) {
        Document ask(String members) {
            return Document.parse(
                    client.send("POST", "/digest", "{\"number\":\"" + whole.number() + "\"" + members + "}")
                            .requireSuccess()
                            .body());
        }

        List<Document> cut(Range range, String at) {
            return ask(range.members() + at).objects("parts");
        }
    }

    private final List<Asked> replicas = new ArrayList<>();
    private final int mostKeys;
    private final SortedMap<String, SortedMap<String, KeyDigest>> differences = new TreeMap<>();
    private boolean complete = true;

    private ReplicaComparison(int mostKeys) {
        this.mostKeys = mostKeys;
    }

    /**
     * Descends into all ranges in which replicas differ.
     *
     * @param wholes the digest of each replica
     * @param mostKeys the search stops once it has found this many differing keys
     * @throws RequestFailure if a replica stops answering or has computed its digest anew
     */
    static ReplicaComparison of(Map<RestClient, Whole> wholes, int mostKeys) {
        ReplicaComparison replicaComparison = new ReplicaComparison(mostKeys);
        wholes.forEach((client, whole) -> replicaComparison.replicas.add(new Asked(client, whole)));
        replicaComparison.look(
                new Range(null, null), wholes.values().stream().map(Whole::keys).toList());
        return replicaComparison;
    }

    /** For each differing key, what each replica holds; a replica that lacks the key is left out. */
    SortedMap<String, SortedMap<String, KeyDigest>> differences() {
        return differences;
    }

    /** Whether {@link #differences} has all keys that differ. */
    boolean isComplete() {
        return complete;
    }

    /** @param keys the number of keys in the range, by replica */
    private void look(Range range, List<Long> keys) {
        if (differences.size() >= mostKeys) {
            complete = false;
        } else if (Collections.max(keys) <= FEW) {
            list(range);
        } else {
            cut(range, replicas.get(keys.indexOf(Collections.max(keys))));
        }
    }

    private void list(Range range) {
        SortedMap<String, SortedMap<String, KeyDigest>> held = new TreeMap<>();
        for (Asked asked : replicas) {
            for (Document entry : asked.ask(range.members() + ",\"list\":true").objects("entries")) {
                held.computeIfAbsent(entry.text("key"), key -> new TreeMap<>())
                        .put(asked.whole().node(), KeyDigest.of(entry));
            }
        }
        held.forEach((key, at) -> {
            if (at.size() < replicas.size() || at.values().stream().distinct().count() > 1) {
                differences.put(key, at);
            }
        });
    }

    /** Splits the range on all replicas at the boundaries of the replica with the most keys. */
    private void cut(Range range, Asked largest) {
        List<Document> cut = largest.cut(range, "");
        String at = cut.stream()
                .skip(1)
                .map(part -> Value.of(part.text("from")).json())
                .collect(Collectors.joining(",", ",\"at\":[", "]"));
        List<List<Document>> parts = replicas.stream()
                .map(asked -> asked == largest ? cut : asked.cut(range, at))
                .toList();
        for (int i = 0; i < cut.size(); i++) {
            int place = i;
            List<Document> same = parts.stream().map(of -> of.get(place)).toList();
            if (same.stream().map(part -> part.text("digest")).distinct().count() > 1) {
                look(
                        new Range(text(cut.get(i), "from"), text(cut.get(i), "to")),
                        same.stream()
                                .map(part -> Long.valueOf(part.text("keys")))
                                .toList());
            }
        }
    }

    private static String text(Document part, String name) {
        return part.has(name) ? part.text(name) : null;
    }
}
