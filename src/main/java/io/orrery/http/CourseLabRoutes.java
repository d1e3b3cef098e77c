package io.orrery.http;

import io.orrery.deployment.Deployment;
import io.orrery.live.ReplicaClient;
import io.orrery.model.Failures;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.protocol.HandMadeOrder;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.replica.ReplicaActor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The routes of the course labs, so that their clients work unchanged: other names for the operations of {@link
 * ClientRoutes}, with answers in each lab's form. Enabled only while the lab is on.
 *
 * <p>Logical clocks: {@code POST /put} and {@code GET /get}. Vector clocks: {@code PUT} or {@code POST /store}, {@code
 * GET /fetch} and {@code POST /sync}. Single leader: {@code POST /write}, {@code GET /read} and {@code GET /data}.
 * {@code POST /replicate} exists in two labs: it has the first lab's form if versions are Lamport times, otherwise the
 * last lab's. A hand-made write that contradicts the replica's state is refused with 400 and the reason.
 */
final class CourseLabRoutes {
    private final ClientRoutes client;
    private final ReplicaClient replica;
    private final NodeId leader;
    private final boolean hasLamportTimes;

    CourseLabRoutes(ClientRoutes client, ReplicaClient replica, Deployment deployment) {
        this.client = client;
        this.replica = replica;
        this.leader = deployment.options().get(ProtocolOptions.LEADER);
        this.hasLamportTimes = deployment.protocol().handmade() == HandMadeOrder.TIME;
    }

    /** Whether the first segment of a path belongs to these routes. */
    static boolean takes(String segment) {
        return switch (segment) {
            case "put", "get", "store", "fetch", "sync", "write", "read", "data", "replicate" -> true;
            default -> false;
        };
    }

    /** Whether it is a route between a lab's replicas, whose writes count as a peer's. */
    static boolean isBetweenReplicas(String segment) {
        return segment.equals("sync") || segment.equals("replicate");
    }

    CompletionStage<HttpResponse> handle(RequestContext requestContext) {
        return switch (requestContext.segment(0)) {
            case "put", "get" -> ofLamportLab(requestContext);
            case "store", "fetch", "sync" -> client.perform(operation(requestContext), requestContext);
            case "replicate" -> hasLamportTimes ? ofLamportLab(requestContext) : ofQuorumLab(requestContext);
            default -> ofQuorumLab(requestContext);
        };
    }

    private CompletionStage<HttpResponse> ofLamportLab(RequestContext requestContext) {
        Operation operation;
        try {
            operation = operation(requestContext);
        } catch (Problem problem) {
            return withClock().thenApply(form -> form.of(problem).response());
        }
        return client.carryOut(operation, requestContext)
                .thenCompose(outcome -> withClock().thenApply(form -> client.answer(operation, outcome, form)));
    }

    /** The form with the replica's current clock, or without it if the replica does not answer. */
    private CompletionStage<AnswerForm> withClock() {
        return replica.status().handle((status, failure) -> {
            Optional<ReplicaStatus> details =
                    failure == null ? status.map(ReplicaActor.Status::details) : Optional.empty();
            return new AnswerForm.OfLamportLab(replica.id(), details);
        });
    }

    private CompletionStage<HttpResponse> ofQuorumLab(RequestContext requestContext) {
        AnswerForm form = new AnswerForm.OfQuorumLab(replica.id());
        try {
            if (requestContext.segment(0).equals("data")) {
                requireMethod(requestContext, "data");
                return client.data(DataParts::map)
                        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(inForm(form, failure)));
            }
            Operation operation = operation(requestContext);
            return client.carryOut(operation, requestContext)
                    .thenApply(outcome -> client.answer(operation, outcome, form));
        } catch (Problem problem) {
            throw form.of(problem);
        }
    }

    private static Throwable inForm(AnswerForm form, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof Problem problem ? form.of(problem) : failure;
    }

    private static void requireMethod(RequestContext requestContext, String route) {
        if (requestContext.path().size() != 1) {
            throw requestContext.noRoute();
        }
        switch (route) {
            case "get", "fetch", "read", "data" -> requestContext.require("GET");
            case "store" -> {
                if (!requestContext.method().equals("PUT")
                        && !requestContext.method().equals("POST")) {
                    throw requestContext.notAllowed("PUT, POST");
                }
            }
            default -> requestContext.require("POST");
        }
    }

    /** @throws Problem if the request contains no operation */
    private Operation operation(RequestContext requestContext) {
        String route = requestContext.segment(0);
        requireMethod(requestContext, route);
        try {
            return switch (route) {
                case "get", "fetch", "read" ->
                    new Operation.Read(ClientRoutes.key(requestContext, requestContext.parameter("key"), "query"));
                case "sync" -> sync(LabRequest.parse(requestContext.json()));
                case "replicate" -> replicated(LabRequest.parse(requestContext.json()));
                default -> write(LabRequest.parse(requestContext.json()));
            };
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    private static Operation write(LabRequest body) {
        body.expect("key", "value");
        return new Operation.Write(Key.of(body.required("key")), body.value("value"));
    }

    private static Operation sync(LabRequest body) {
        body.expect("key", "value", "from", "clock", "version");
        Map<NodeId, Long> clock = new TreeMap<>();
        body.counts("clock").forEach((node, count) -> clock.put(NodeId.of(node), count));
        return new Operation.HandMadeWrite(
                Key.of(body.required("key")),
                body.value("value"),
                NodeId.of(body.required("from")),
                clock,
                body.has("version") ? body.count("version") : 0);
    }

    private Operation replicated(LabRequest body) {
        NodeId from;
        long version;
        if (hasLamportTimes) {
            body.expect("key", "value", "ts", "origin");
            from = NodeId.of(body.required("origin"));
            version = body.count("ts");
        } else {
            body.expect("key", "value", "version");
            from = leader;
            version = body.has("version") ? body.count("version") : 0;
        }
        return new Operation.HandMadeWrite(
                Key.of(body.required("key")), body.value("value"), from, new TreeMap<>(), version);
    }
}
