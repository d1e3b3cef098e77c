package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Security;
import io.orrery.launch.NodeProcess;
import io.orrery.launch.Nodes;
import io.orrery.model.NodeId;
import io.orrery.report.Table;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The state of a cluster: what each node reports about itself and the others at about the same moment. */
final class ClusterStatus {
    /** The timeout for the answer of a node, which may be suspended. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String UNKNOWN = "-";

    private final Map<NodeId, Optional<Document>> answers = new LinkedHashMap<>();
    private final Nodes nodes;

    private ClusterStatus(Nodes nodes) {
        this.nodes = nodes;
    }

    /** Asks all nodes concurrently; returns when each has answered or timed out. */
    static Table ask(Nodes nodes, Security security) {
        ClusterStatus status = new ClusterStatus(nodes);
        ExecutorService threads = Executors.newFixedThreadPool(nodes.all().size());
        try {
            Map<NodeId, CompletableFuture<Optional<Document>>> asked = new LinkedHashMap<>();
            nodes.all()
                    .forEach(node -> asked.put(
                            node.id(), CompletableFuture.supplyAsync(() -> document(node, security), threads)));
            asked.forEach((id, answer) -> status.answers.put(id, answer.join()));
        } finally {
            threads.shutdown();
        }
        return status.table();
    }

    private static Optional<Document> document(NodeProcess node, Security security) {
        if (!node.isAlive() || !node.listens()) {
            return Optional.empty();
        }
        try {
            RestClient.Answer answer =
                    new RestClient(node.url(), PATIENCE).withAccessTo(security).get("/status");
            return answer.isSuccess() ? Optional.of(Document.parse(answer.body())) : Optional.empty();
        } catch (RequestFailure | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Table table() {
        Table table = new Table()
                .column("NODE")
                .number("PID")
                .column("STATE")
                .number("CLOCK")
                .number("KEYS")
                .number("LACKS")
                .column("MEMBER")
                .column("URL");
        answers.forEach((id, answer) -> {
            NodeProcess node = nodes.node(id);
            table.row(
                    id,
                    node.isAlive() ? node.pid() : UNKNOWN,
                    answer.map(StatusCommand::state).orElseGet(() -> silence(node)),
                    member(answer, "clock"),
                    member(answer, "keys"),
                    lacks(id),
                    membership(id),
                    node.listens() ? node.url() : UNKNOWN);
        });
        return table;
    }

    /** The reason for a missing answer. */
    private static String silence(NodeProcess node) {
        if (!node.isAlive()) {
            return node.wasStarted() ? "ended" : "not started";
        }
        return node.listens() ? "silent" : "starting";
    }

    private static String member(Optional<Document> answer, String name) {
        return answer.filter(status -> status.has(name))
                .map(status -> status.text(name))
                .orElse(UNKNOWN);
    }

    /** How many writes a node lacks: the maximum of what its peers know from their last contact with it. */
    private String lacks(NodeId id) {
        return answers.values().stream()
                .flatMap(Optional::stream)
                .flatMap(status -> about(status, "peers", id).stream())
                .map(peer -> Long.parseLong(peer.text("lag")))
                .max(Long::compare)
                .map(String::valueOf)
                .orElse(UNKNOWN);
    }

    /** A node's membership status; unreachable if another node does not reach it. */
    private String membership(NodeId id) {
        List<Document> views = answers.values().stream()
                .flatMap(Optional::stream)
                .flatMap(status -> about(status, "members", id).stream())
                .toList();
        if (views.stream().anyMatch(view -> view.text("reachable").equals("false"))) {
            return "unreachable";
        }
        return views.isEmpty() ? UNKNOWN : views.get(0).text("status");
    }

    private static Optional<Document> about(Document status, String list, NodeId id) {
        return status.objects(list).stream()
                .filter(item -> item.text("node").equals(id.name()))
                .findFirst();
    }
}
