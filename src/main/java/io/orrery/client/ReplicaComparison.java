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
 * One look at several replicas, by their {@code /digest}: whether they hold the same, and else which keys differ. Where the digests
 * of a range differ it is cut into parts, and those that differ are looked into further: what is sent grows with the number of
 * keys that differ, and with the number of all keys only by its logarithm.
 */
final class ReplicaComparison {
    /** Ranges of so many keys are listed and not cut any more. */
    private static final long FEW = 32;

    /** What a replica holds in the place of a key. */
    record Held(String version, boolean isDeleted, String digest) {
        private static Held of(Document entry) {
            return new Held(entry.text("version"), entry.has("deleted"), entry.text("digest"));
        }
    }

    /**
     * What a replica answered first.
     *
     * @param number by which it is asked further
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

    /** A replica with the client that asks it. */
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
    private final SortedMap<String, SortedMap<String, Held>> differences = new TreeMap<>();
    private boolean complete = true;

    private ReplicaComparison(int mostKeys) {
        this.mostKeys = mostKeys;
    }

    /**
     * Looks into all ranges in which replicas differ.
     *
     * @param wholes what each has answered
     * @param mostKeys after so many keys that differ it looks no further
     * @throws RequestFailure when a replica does not answer any more, or has read again what it holds
     */
    static ReplicaComparison of(Map<RestClient, Whole> wholes, int mostKeys) {
        ReplicaComparison replicaComparison = new ReplicaComparison(mostKeys);
        wholes.forEach((client, whole) -> replicaComparison.replicas.add(new Asked(client, whole)));
        replicaComparison.look(
                new Range(null, null), wholes.values().stream().map(Whole::keys).toList());
        return replicaComparison;
    }

    /** For each key that differs what the replicas hold in its place; those that hold nothing are not named. */
    SortedMap<String, SortedMap<String, Held>> differences() {
        return differences;
    }

    /** Whether these are all keys that differ. */
    boolean isComplete() {
        return complete;
    }

    /** @param keys how many keys of the range each replica has */
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
        SortedMap<String, SortedMap<String, Held>> held = new TreeMap<>();
        for (Asked asked : replicas) {
            for (Document entry : asked.ask(range.members() + ",\"list\":true").objects("entries")) {
                held.computeIfAbsent(entry.text("key"), key -> new TreeMap<>())
                        .put(asked.whole().node(), Held.of(entry));
            }
        }
        held.forEach((key, at) -> {
            if (at.size() < replicas.size() || at.values().stream().distinct().count() > 1) {
                differences.put(key, at);
            }
        });
    }

    /** All at the keys at which one replica would: the one that has most. */
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
