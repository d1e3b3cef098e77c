package io.orrery.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment;
import io.orrery.live.Laboratory;
import io.orrery.live.ReplicaState;
import io.orrery.model.Durations;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Links;
import io.orrery.network.LossRun;
import io.orrery.network.Selector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The routes under {@code /lab}, which inject and end faults. They affect the whole deployment, whichever replica
 * receives the request. A request that fails changes nothing.
 */
final class LabRoutes {
    private static final List<String> ACTIONS =
            List.of("crash", "wipe", "restart", "pause", "resume", "slow-disk", "repair-disk");

    /** A repaired disk is fast again only after the sync that is under way. */
    private static final Duration SLOWEST_DISK = Duration.ofMinutes(1);

    private final Laboratory laboratory;
    private final Deployment deployment;

    LabRoutes(Laboratory laboratory, Deployment deployment) {
        this.laboratory = laboratory;
        this.deployment = deployment;
    }

    CompletionStage<HttpResponse> handle(RequestContext requestContext) {
        if (requestContext.path().size() == 4 && requestContext.segment(1).equals("replicas")) {
            return replica(requestContext);
        }
        if (requestContext.path().size() != 2) {
            throw requestContext.noRoute();
        }
        return switch (requestContext.segment(1)) {
            case "links" -> links(requestContext);
            case "partition" -> inject(requestContext, this::partition);
            case "isolate" -> inject(requestContext, this::isolate);
            case "heal" -> inject(requestContext, this::heal);
            default -> throw requestContext.noRoute();
        };
    }

    private CompletionStage<HttpResponse> links(RequestContext requestContext) {
        return switch (requestContext.method()) {
            case "GET" -> laboratory.links().thenApply(LabRoutes::document);
            case "PUT" -> apply(relink(body(requestContext)));
            default -> throw requestContext.notAllowed("GET, PUT");
        };
    }

    private CompletionStage<HttpResponse> inject(
            RequestContext requestContext, Function<LabRequest, Fault.OfLinks> fault) {
        requestContext.require("POST");
        return apply(fault.apply(body(requestContext)));
    }

    private static LabRequest body(RequestContext requestContext) {
        return LabRequest.parse(requestContext.json());
    }

    private CompletionStage<HttpResponse> apply(Fault.OfLinks fault) {
        try {
            return laboratory.apply(fault).thenApply(LabRoutes::document);
        } catch (IllegalArgumentException e) {
            // The replicas have been checked before: a link has too many rules.
            throw Problem.badRequest(e.getMessage());
        }
    }

    private Fault.OfLinks relink(LabRequest body) {
        body.expect("from", "to", "key", "kind", "delay", "loss", "lossRun", "duplicate", "cut");
        Optional<NodeId> from = node(body, "from");
        Optional<NodeId> to = node(body, "to");
        try {
            LinkChange change = new LinkChange(
                    body.text("delay").map(Delay::parse),
                    body.number("loss"),
                    body.number("duplicate"),
                    body.flag("cut"),
                    body.text("lossRun").map(LossRun::parse));
            if (change.equals(LinkChange.NOTHING)) {
                throw Problem.badRequest("there is nothing to change: give delay, loss, lossRun, duplicate or cut");
            }
            if (from.isPresent() && from.equals(to)) {
                throw Problem.badRequest(
                        "a link leads from one replica to another, not from " + from.get() + " to itself");
            }
            Selector messages = new Selector(
                    body.text("key").map(Key::of), body.text("kind").map(deployment.protocol()::requireKind));
            return new Fault.ChangeLinks(from, to, messages, change);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    private Fault.OfLinks partition(LabRequest body) {
        body.expect("groups");
        List<Set<NodeId>> groups = new ArrayList<>();
        Set<NodeId> seen = new HashSet<>();
        for (JsonNode group : body.array("groups")) {
            Set<NodeId> members = new LinkedHashSet<>();
            for (JsonNode member : LabRequest.items("a group", group)) {
                NodeId id = known(LabRequest.textOf("a replica", member));
                if (!seen.add(id)) {
                    throw Problem.badRequest("replica " + id + " is in two groups, or in one twice");
                }
                members.add(id);
            }
            groups.add(members);
        }
        if (groups.isEmpty()) {
            throw Problem.badRequest(
                    "a partition has at least one group, as in {\"groups\": [[\"A\"], [\"B\", \"C\"]]}");
        }
        return new Fault.Partition(groups);
    }

    private Fault.OfLinks isolate(LabRequest body) {
        body.expect("replica");
        return new Fault.Isolate(known(body.text("replica")
                .orElseThrow(() -> Problem.badRequest("\"replica\" is missing: the one to cut off from all others"))));
    }

    private Fault.OfLinks heal(LabRequest body) {
        body.expect("from", "to");
        return new Fault.Heal(node(body, "from"), node(body, "to"));
    }

    private CompletionStage<HttpResponse> replica(RequestContext requestContext) {
        String action = requestContext.segment(3);
        if (!ACTIONS.contains(action)) {
            throw Problem.notFound("there is no action \"" + action + "\" for a replica; there are " + ACTIONS);
        }
        requestContext.require("POST");
        NodeId id = known(requestContext.segment(2));
        Fault.OfReplica fault = switch (action) {
            case "crash" -> new Fault.Crash(id);
            case "wipe" -> new Fault.Wipe(id);
            case "restart" -> new Fault.Restart(id);
            case "pause" -> new Fault.Pause(id);
            case "resume" -> new Fault.Resume(id);
            case "slow-disk" -> slowDisk(id, body(requestContext));
            default -> new Fault.RepairDisk(id);
        };
        try {
            return laboratory.apply(fault).thenApply(state -> document(id, state));
        } catch (IllegalArgumentException e) {
            // The replica has no disk.
            throw Problem.badRequest(e.getMessage());
        }
    }

    private static Fault.OfReplica slowDisk(NodeId id, LabRequest body) {
        body.expect("by");
        try {
            Duration by = Durations.parse(body.required("by"));
            if (by.compareTo(SLOWEST_DISK) > 0) {
                throw new IllegalArgumentException("a disk is slower by at most " + Durations.format(SLOWEST_DISK)
                        + ", not " + body.required("by"));
            }
            return new Fault.SlowDisk(id, by);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    private static HttpResponse document(NodeId id, ReplicaState state) {
        return Json.ok(Json.object(json -> {
            json.writeStringField("replica", id.name());
            json.writeStringField("state", state.toString());
        }));
    }

    /** The replica at an end of a link; empty for all replicas, written {@code *} or left out. */
    private Optional<NodeId> node(LabRequest body, String name) {
        return body.text(name).filter(text -> !text.equals("*")).map(this::known);
    }

    private NodeId known(String name) {
        return deployment.ids().stream()
                .filter(id -> id.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> Problem.notFound("there is no replica \"" + name + "\"; there are " + deployment.ids()));
    }

    private static HttpResponse document(List<Links.LinkState> links) {
        return Json.ok(Json.object(json -> {
            json.writeArrayFieldStart("links");
            for (Links.LinkState link : links) {
                writeLink(json, link);
            }
            json.writeEndArray();
        }));
    }

    private static void writeLink(JsonGenerator json, Links.LinkState link) throws IOException {
        json.writeStartObject();
        json.writeStringField("from", link.from().name());
        json.writeStringField("to", link.to().name());
        json.writeStringField("delay", link.rule().delay().toString());
        json.writeNumberField("loss", link.rule().loss());
        writeRuns(json, link.rule().runs());
        json.writeNumberField("duplicate", link.rule().duplicate());
        json.writeBooleanField("cut", link.rule().cut());
        json.writeArrayFieldStart("special");
        for (Links.Special special : link.special()) {
            writeSpecial(json, special.messages(), special.change());
        }
        json.writeEndArray();
        json.writeBooleanField("partitioned", link.partitioned());
        json.writeNumberField("underWay", link.underWay());
        json.writeEndObject();
    }

    private static void writeRuns(JsonGenerator json, Optional<LossRun> runs) throws IOException {
        if (runs.isPresent()) {
            json.writeStringField("lossRun", runs.get().toString());
        }
    }

    /** Writes a special rule: only what it changes in the link's rule. */
    private static void writeSpecial(JsonGenerator json, Selector messages, LinkChange change) throws IOException {
        json.writeStartObject();
        if (messages.key().isPresent()) {
            json.writeStringField("key", messages.key().get().name());
        }
        if (messages.kind().isPresent()) {
            json.writeStringField("kind", messages.kind().get());
        }
        if (change.delay().isPresent()) {
            json.writeStringField("delay", change.delay().get().toString());
        }
        if (change.loss().isPresent()) {
            json.writeNumberField("loss", change.loss().get());
        }
        writeRuns(json, change.runs());
        if (change.duplicate().isPresent()) {
            json.writeNumberField("duplicate", change.duplicate().get());
        }
        if (change.cut().isPresent()) {
            json.writeBooleanField("cut", change.cut().get());
        }
        json.writeEndObject();
    }
}
