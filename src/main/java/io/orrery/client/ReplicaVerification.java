package io.orrery.client;

import io.orrery.client.ReplicaComparison.KeyDigest;
import io.orrery.client.ReplicaComparison.Whole;
import io.orrery.client.RequestFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Whether the replicas that answer hold the same while no writes are in flight. It compares replicas that differ again
 * a moment later, because a difference that replication is about to resolve does not count.
 *
 * @param replicas those that answered, in the order of their ids
 * @param differences the keys that differ, in order; about the first {@value #MOST_DIFFERENCES}
 * @param areAll whether {@code differences} is complete
 * @param problems why the result is undecided, and which replicas were not compared
 */
public record ReplicaVerification(
        Verdict verdict, List<Replica> replicas, List<Difference> differences, boolean areAll, List<String> problems) {
    /** The result of the comparison. */
    public enum Verdict {
        EQUAL,
        DIFFER,
        /** A replica did not answer, or writes were in flight. */
        UNDECIDED
    }

    /** What a replica holds. */
    public record Replica(String node, String url, long keys, String digest) {}

    /**
     * A key that differs.
     *
     * @param versions the version at each replica, by its id; a replica that lacks the key is left out
     * @param how the difference in words
     */
    public record Difference(String key, SortedMap<String, String> versions, String how) {}

    static final int MOST_DIFFERENCES = 1_000;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LOOKS = 5;
    private static final int DIGITS = 8;

    /**
     * Compares replicas.
     *
     * @param replicas a client for each
     * @throws RequestFailure if none answers, or two addresses lead to the same replica
     */
    public static ReplicaVerification of(Collection<RestClient> replicas) throws InterruptedException {
        Look before = look(replicas);
        for (int i = 1; i < LOOKS && !before.areEqual(); i++) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            Look now = look(replicas);
            if (!now.areEqual() && now.digests().equals(before.digests())) {
                return differing(now);
            }
            before = now;
        }
        List<String> problems = new ArrayList<>(before.problems);
        if (!before.areEqual()) {
            problems.add("they differ, and writes are under way");
        }
        Verdict verdict = problems.isEmpty() ? Verdict.EQUAL : Verdict.UNDECIDED;
        return new ReplicaVerification(verdict, before.replicas(), List.of(), true, problems);
    }

    private static ReplicaVerification differing(Look look) {
        try {
            ReplicaComparison replicaComparison = ReplicaComparison.of(look.wholes, MOST_DIFFERENCES);
            SortedSet<String> nodes =
                    look.wholes.values().stream().map(Whole::node).collect(Collectors.toCollection(TreeSet::new));
            List<Difference> differences = replicaComparison.differences().entrySet().stream()
                    .map(it -> new Difference(it.getKey(), versions(it.getValue()), words(it.getValue(), nodes)))
                    .toList();
            return new ReplicaVerification(
                    Verdict.DIFFER, look.replicas(), differences, replicaComparison.isComplete(), look.problems);
        } catch (RequestFailure e) {
            List<String> problems = new ArrayList<>(look.problems);
            problems.add("they differ, and one did not say where: " + e.getMessage());
            return new ReplicaVerification(Verdict.DIFFER, look.replicas(), List.of(), false, problems);
        }
    }

    private static SortedMap<String, String> versions(SortedMap<String, KeyDigest> held) {
        SortedMap<String, String> versions = new TreeMap<>();
        held.forEach((node, it) -> versions.put(node, it.version()));
        return versions;
    }

    /** Describes which replica holds what: {@code A, B have 7@A; C has nothing}. */
    private static String words(SortedMap<String, KeyDigest> held, SortedSet<String> nodes) {
        Map<Optional<KeyDigest>, List<String>> groups = new LinkedHashMap<>();
        nodes.forEach(node -> groups.computeIfAbsent(Optional.ofNullable(held.get(node)), it -> new ArrayList<>())
                .add(node));
        List<KeyDigest> different =
                groups.keySet().stream().flatMap(Optional::stream).toList();
        boolean versionsTell =
                different.stream().map(KeyDigest::version).distinct().count() == different.size();
        return groups.entrySet().stream()
                .map(group -> String.join(", ", group.getValue())
                        + (group.getValue().size() == 1 ? " has " : " have ")
                        + group.getKey().map(it -> words(it, versionsTell)).orElse("nothing"))
                .collect(Collectors.joining("; "));
    }

    private static String words(KeyDigest held, boolean versionTells) {
        String value =
                versionTells ? "" : " with a value of digest " + held.digest().substring(0, DIGITS);
        return held.version() + (held.isDeleted() ? ", deleted" : value);
    }

    /** The answers of all replicas at about the same moment. */
    private record Look(Map<RestClient, Whole> wholes, List<String> problems) {
        boolean areEqual() {
            return digests().values().stream().distinct().count() <= 1;
        }

        Map<String, String> digests() {
            Map<String, String> digests = new LinkedHashMap<>();
            wholes.values().forEach(whole -> digests.put(whole.node(), whole.digest()));
            return digests;
        }

        List<Replica> replicas() {
            List<Replica> replicas = new ArrayList<>();
            wholes.forEach((client, whole) ->
                    replicas.add(new Replica(whole.node(), client.node(), whole.keys(), whole.digest())));
            replicas.sort(Comparator.comparing(Replica::node));
            return replicas;
        }
    }

    /** Asks all replicas concurrently, so that little changes between the answers. */
    private static Look look(Collection<RestClient> replicas) {
        ExecutorService threads = Executors.newFixedThreadPool(replicas.size());
        try {
            Map<RestClient, CompletableFuture<Whole>> asked = new LinkedHashMap<>();
            replicas.forEach(client -> asked.put(client, CompletableFuture.supplyAsync(() -> whole(client), threads)));
            Map<RestClient, Whole> wholes = new LinkedHashMap<>();
            List<String> problems = new ArrayList<>();
            asked.forEach((client, answer) -> answer.handle((whole, failure) -> {
                        if (failure == null) {
                            wholes.put(client, whole);
                        } else {
                            problems.add(
                                    client.node() + ": " + failure.getCause().getMessage());
                        }
                        return whole;
                    })
                    .join());
            requireSense(wholes, problems);
            return new Look(wholes, problems);
        } finally {
            threads.shutdown();
        }
    }

    private static Whole whole(RestClient client) {
        return Whole.of(Document.parse(client.get("/digest").requireSuccess().body()));
    }

    private static void requireSense(Map<RestClient, Whole> wholes, List<String> problems) {
        if (wholes.isEmpty()) {
            throw new RequestFailure(Kind.WRONG, String.join("\n", problems));
        }
        Map<String, RestClient> nodes = new LinkedHashMap<>();
        wholes.forEach((client, whole) -> {
            RestClient same = nodes.put(whole.node(), client);
            if (same != null) {
                throw new RequestFailure(
                        Kind.WRONG, same.node() + " and " + client.node() + " are the same replica, " + whole.node());
            }
        });
    }

    /**
     * The addresses of all replicas of the deployment, according to one of them.
     *
     * @return addresses by id; an empty address for a replica on any free port
     * @throws RequestFailure if the replica does not answer
     */
    public static Map<String, String> replicasOf(RestClient one) {
        Map<String, String> replicas = new LinkedHashMap<>();
        Document.parse(one.get("/status").requireSuccess().body())
                .members("replicas")
                .forEach((id, url) -> replicas.put(id, url.toString()));
        return replicas;
    }

    /** The name of the protocol that a replica runs. */
    public static String protocolOf(RestClient one) {
        return Document.parse(one.get("/status").requireSuccess().body()).text("protocol");
    }
}
