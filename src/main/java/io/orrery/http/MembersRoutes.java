package io.orrery.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.live.MemberState;
import io.orrery.live.ReplicaClient;
import io.orrery.live.RunningDeployment;
import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.ConfigurationChange;
import io.orrery.protocol.ConfigurationChange.Kind;
import io.orrery.protocol.ConfigurationStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** The routes under {@code /members}: who the replicas are, and how that changes. Any replica takes a request. */
final class MembersRoutes {
    private final RunningDeployment deployment;
    private final ReplicaClient replica;

    MembersRoutes(RunningDeployment deployment, ReplicaClient replica) {
        this.deployment = deployment;
        this.replica = replica;
    }

    CompletionStage<HttpResponse> handle(RequestContext requestContext) {
        return switch (requestContext.path().size()) {
            case 1 -> all(requestContext);
            case 2 -> {
                requestContext.require("DELETE");
                yield change(Kind.REMOVE, node(requestContext.segment(1)), List.of());
            }
            case 3 -> {
                if (!requestContext.segment(2).equals("lead")) {
                    throw requestContext.noRoute();
                }
                requestContext.require("POST");
                yield change(Kind.LEAD, node(requestContext.segment(1)), List.of());
            }
            default -> throw requestContext.noRoute();
        };
    }

    private CompletionStage<HttpResponse> all(RequestContext requestContext) {
        return switch (requestContext.method()) {
            case "GET" -> {
                requireChanging();
                yield replica.configuration().thenApply(status -> Json.ok(document(status.orElseThrow())));
            }
            case "POST" -> {
                requireChanging();
                yield add(LabRequest.parse(requestContext.json()));
            }
            default -> throw requestContext.notAllowed("GET, POST");
        };
    }

    private CompletionStage<HttpResponse> add(LabRequest body) {
        body.expect("node", "http", "remoting");
        NodeId id = node(body.required("node"));
        Address http = address(body.required("http"));
        Address remoting = address(body.required("remoting"));
        try {
            deployment.deployment().security().requireProtected(remoting);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
        Deployment.Member added = new Deployment.Member(id, http, Optional.of(remoting));
        return change(Kind.ADD, id, List.of(added.configured()));
    }

    private static NodeId node(String name) {
        try {
            return NodeId.of(name);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    private static Address address(String text) {
        try {
            Address address = Address.parse(text);
            if (address.port() == 0) {
                throw new IllegalArgumentException("a member has a port of its own, and not any: " + text);
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    /** @throws Problem 501 where the replicas are those of the file */
    private void requireChanging() {
        Deployment settings = deployment.deployment();
        if (!settings.protocol().changesMembers()) {
            throw Problem.of(
                    StatusCodes.NOT_IMPLEMENTED,
                    "the replicas of " + settings.protocol()
                            + " are those of the deployment's file: only a protocol that"
                            + " elects its leader, like raft, changes them while it runs");
        }
        if (deployment.members().isEmpty()) {
            throw Problem.of(
                    StatusCodes.NOT_IMPLEMENTED,
                    "all replicas run in one process here: only those that run as nodes (./run.sh node) come and go");
        }
    }

    private CompletionStage<HttpResponse> change(Kind kind, NodeId id, List<Configuration.Member> further) {
        requireChanging();
        List<Configuration.Member> known = new ArrayList<>(further);
        deployment.deployment().replicas().forEach(member -> known.add(member.configured()));
        return replica.change(new ConfigurationChange(kind, id, known)).thenApply(MembersRoutes::answer);
    }

    private static HttpResponse answer(ConfigurationChange.Answer answer) {
        return switch (answer.result()) {
            case DONE -> Json.ok(Json.object(json -> json.writeStringField("done", answer.detail())));
            case REFUSED -> Problem.of(StatusCodes.CONFLICT, answer.detail()).response();
            case UNAVAILABLE -> Problem.unavailable(answer.detail()).response();
            case UNKNOWN ->
                Problem.of(StatusCodes.GATEWAY_TIMEOUT, answer.detail())
                        .with("outcome", "unknown")
                        .response();
        };
    }

    private byte[] document(ConfigurationStatus status) {
        List<MemberState> reached = deployment.members().orElse(List.of());
        return Json.object(json -> {
            json.writeStringField("node", replica.id().name());
            if (deployment.cluster().isPresent()) {
                json.writeStringField("cluster", deployment.cluster().get());
            }
            if (status.leader().isPresent()) {
                json.writeStringField("leader", status.leader().get().name());
            }
            json.writeNumberField("index", status.configuration().index());
            json.writeBooleanField("committed", status.isCommitted());
            json.writeArrayFieldStart("members");
            for (Configuration.Member member : status.configuration().members()) {
                json.writeStartObject();
                write(json, member, status, reached);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private void write(
            JsonGenerator json, Configuration.Member member, ConfigurationStatus status, List<MemberState> reached)
            throws IOException {
        json.writeStringField("node", member.id().name());
        json.writeStringField("role", member.votes() ? "voter" : "learner");
        Optional<Configuration.Address> address = member.address()
                .or(() -> deployment
                        .deployment()
                        .member(member.id())
                        .flatMap(it -> it.configured().address()));
        if (address.isPresent()) {
            json.writeStringField("http", address.get().http());
            json.writeStringField("remoting", address.get().remoting());
        }
        json.writeBooleanField(
                "reachable", reached.stream().anyMatch(it -> it.node().equals(member.id()) && it.reachable()));
        if (status.lacking().containsKey(member.id())) {
            json.writeNumberField("lacks", status.lacking().get(member.id()));
        }
    }
}
