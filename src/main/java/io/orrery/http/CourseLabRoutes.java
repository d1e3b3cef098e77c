package io.orrery.http;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The routes of the course labs, so that their clients work unchanged: other names for the operations of
 * {@link ClientRoutes}, with the same answers. On only where the lab is.
 *
 * <p>Vector clocks: {@code PUT} or {@code POST /store} and {@code POST /sync}, {@code GET /fetch}. Single leader:
 * {@code POST /write} and {@code POST /replicate}, {@code GET /read}, {@code GET /data}. A write made by hand that
 * contradicts what the replica knows is refused with 400 and the reason, as any request that cannot be right.
 */
final class CourseLabRoutes {
    private final ClientRoutes client;
    private final NodeId leader;

    /** @param leader who is said to have made what is replicated by hand */
    CourseLabRoutes(ClientRoutes client, NodeId leader) {
        this.client = client;
        this.leader = leader;
    }

    /** Whether a first segment of a path is one of these routes. */
    static boolean takes(String segment) {
        return switch (segment) {
            case "store", "fetch", "sync", "write", "read", "data", "replicate" -> true;
            default -> false;
        };
    }

    /** Whether it is one by which a lab's replicas speak to each other: it writes as if a peer had sent the write. */
    static boolean isBetweenReplicas(String segment) {
        return segment.equals("sync") || segment.equals("replicate");
    }

    CompletionStage<HttpResponse> handle(Call call) {
        if (call.path().size() != 1) {
            throw call.noRoute();
        }
        String route = call.segment(0);
        requireMethod(call, route);
        if (route.equals("data")) {
            return client.data();
        }
        try {
            return client.perform(operation(call, route), call);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    private static void requireMethod(Call call, String route) {
        switch (route) {
            case "fetch", "read", "data" -> call.require("GET");
            case "store" -> {
                if (!call.method().equals("PUT") && !call.method().equals("POST")) {
                    throw call.notAllowed("PUT, POST");
                }
            }
            default -> call.require("POST");
        }
    }

    private Operation operation(Call call, String route) {
        return switch (route) {
            case "fetch", "read" -> new Operation.Read(ClientRoutes.key(call, call.parameter("key"), "query"));
            case "sync" -> sync(LabRequest.parse(call.json()));
            case "replicate" -> replicated(LabRequest.parse(call.json()));
            default -> write(LabRequest.parse(call.json()));
        };
    }

    private static Operation write(LabRequest body) {
        body.expect("key", "value");
        return new Operation.Write(Key.of(body.required("key")), body.value("value"));
    }

    private static Operation sync(LabRequest body) {
        body.expect("key", "value", "from", "clock");
        Map<NodeId, Long> clock = new TreeMap<>();
        body.counts("clock").forEach((node, count) -> clock.put(NodeId.of(node), count));
        return new Operation.Sync(
                Key.of(body.required("key")), body.value("value"), NodeId.of(body.required("from")), clock);
    }

    private Operation replicated(LabRequest body) {
        body.expect("key", "value");
        return new Operation.Sync(Key.of(body.required("key")), body.value("value"), leader, new TreeMap<>());
    }
}
