package io.orrery.cli;

import io.orrery.client.ReplicaVerification;
import io.orrery.client.ReplicaVerification.Difference;
import io.orrery.client.ReplicaVerification.Replica;
import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.model.Value;
import io.orrery.protocol.Protocols;
import io.orrery.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Compares all replicas. */
@Command(
        name = "verify",
        description = {
            "Compares what all replicas hold, by digests of ranges of their keys: equal, or which keys differ and how.",
            "--node names the replicas, separated by commas; a single one is asked for the addresses of the others.",
            "Exit codes: 0 equal; 1 they differ; 3 undecided: one did not answer, or writes are under way."
        })
final class VerifyCommand extends ServerCommand {
    private static final int MOST_SHOWN = 20;

    @Override
    public Integer call() throws InterruptedException {
        List<RestClient> replicas = replicas();
        ReplicaVerification result = ReplicaVerification.of(replicas);
        if (json()) {
            out().println(json(result));
        } else {
            words(result).forEach(out()::println);
            if (result.verdict() == ReplicaVerification.Verdict.DIFFER) {
                whyTheyMay(replicas).ifPresent(out()::println);
            }
        }
        return switch (result.verdict()) {
            case EQUAL -> ExitCode.OK;
            case DIFFER -> ExitCode.NO;
            case UNDECIDED -> ExitCode.UNKNOWN;
        };
    }

    /** Explains why replicas of some protocols may differ. */
    private static Optional<String> whyTheyMay(List<RestClient> replicas) {
        String protocol;
        try {
            protocol = ReplicaVerification.protocolOf(replicas.get(0));
        } catch (RequestFailure e) {
            return Optional.empty();
        }
        return Protocols.all().stream()
                .filter(it -> it.name().equals(protocol) && !it.converges())
                .map(it -> it + " does not converge: its replicas may differ for ever, though each has all writes")
                .findFirst();
    }

    private List<RestClient> replicas() {
        List<String> named = Stream.of(node().split(",", -1)).map(String::strip).toList();
        if (named.size() > 1) {
            return named.stream().map(this::server).toList();
        }
        RestClient asked = server();
        Map<String, String> known = ReplicaVerification.replicasOf(asked);
        List<String> unknown =
                known.keySet().stream().filter(id -> known.get(id).isEmpty()).toList();
        if (!unknown.isEmpty() && known.size() > 1) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    node() + " does not know the ports of the replicas " + String.join(", ", unknown)
                            + ": name all replicas, --node URL,URL,…");
        }
        return known.size() <= 1
                ? List.of(asked)
                : known.values().stream().map(this::server).toList();
    }

    static List<String> words(ReplicaVerification result) {
        List<String> lines = new ArrayList<>();
        Table replicas =
                new Table().column("REPLICA").number("KEYS").column("DIGEST").column("URL");
        result.replicas().forEach(it -> replicas.row(it.node(), it.keys(), it.digest(), it.url()));
        lines.addAll(Terminal.lines(replicas));
        result.problems().forEach(problem -> lines.add("not known: " + problem));
        lines.add(verdict(result));
        if (!result.differences().isEmpty()) {
            Table table = new Table().text("KEY").text("HOW");
            result.differences().stream().limit(MOST_SHOWN).forEach(it -> table.row(it.key(), it.how()));
            lines.addAll(Terminal.lines(table));
        }
        if (result.differences().size() > MOST_SHOWN) {
            lines.add("and " + (result.differences().size() - MOST_SHOWN) + " more; --json shows them");
        }
        return lines;
    }

    /** The verdict in one line. */
    static String verdict(ReplicaVerification result) {
        String names = result.replicas().stream().map(Replica::node).collect(Collectors.joining(", "));
        return switch (result.verdict()) {
            case EQUAL ->
                "equal: " + names + " hold the same, "
                        + keys(result.replicas().get(0).keys()) + ", deleted ones included";
            case DIFFER ->
                "different: " + names + " differ in " + (result.areAll() ? "" : "at least ")
                        + keys(result.differences().size());
            case UNDECIDED -> "undecided: " + String.join("; ", result.problems());
        };
    }

    private static String keys(long count) {
        return count == 1 ? "1 key" : count + " keys";
    }

    private static String json(ReplicaVerification result) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("verdict", text(result.verdict().name().toLowerCase(Locale.ROOT)));
        members.put("replicas", list(result.replicas().stream().map(VerifyCommand::json)));
        members.put("differences", list(result.differences().stream().map(VerifyCommand::json)));
        members.put("all", String.valueOf(result.areAll()));
        members.put("problems", list(result.problems().stream().map(VerifyCommand::text)));
        return object(members);
    }

    private static String json(Replica replica) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("node", text(replica.node()));
        members.put("url", text(replica.url()));
        members.put("keys", String.valueOf(replica.keys()));
        members.put("digest", text(replica.digest()));
        return object(members);
    }

    private static String json(Difference difference) {
        Map<String, String> versions = new LinkedHashMap<>();
        difference.versions().forEach((node, version) -> versions.put(node, text(version)));
        Map<String, String> members = new LinkedHashMap<>();
        members.put("key", text(difference.key()));
        members.put("versions", object(versions));
        members.put("how", text(difference.how()));
        return object(members);
    }

    private static String text(String text) {
        return Value.of(text).json();
    }

    private static String list(Stream<String> items) {
        return items.collect(Collectors.joining(",", "[", "]"));
    }

    private static String object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(it -> text(it.getKey()) + ":" + it.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
