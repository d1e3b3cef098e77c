package io.orrery.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.orrery.live.Readiness;
import io.orrery.live.ReplicaClient;
import io.orrery.live.RunningDeployment;
import io.orrery.protocol.ServiceStatus;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /health}: whether the replica has failed; {@code /ready}: whether it can keep its protocol's promises, and
 * what is missing. These routes are open to all, so they reveal only the ids of other replicas.
 */
final class ReadinessRoutes {
    private final RunningDeployment deployment;
    private final ReplicaClient replica;

    ReadinessRoutes(RunningDeployment deployment, ReplicaClient replica) {
        this.deployment = deployment;
        this.replica = replica;
    }

    /** A replica that was told to crash has not failed: a supervisor must not restart its process. */
    HttpResponse health() {
        Optional<String> failure = replica.failure();
        return failure.isEmpty()
                ? Json.ok(Json.object(json -> {
                    json.writeStringField("status", "up");
                    json.writeStringField("node_id", replica.id().name());
                }))
                : Problem.unavailable("replica " + replica.id() + " has stopped: " + failure.get())
                        .with("state", "failed")
                        .response();
    }

    /** @throws Problem 400 if the query asks for anything but reads or writes */
    CompletionStage<HttpResponse> ready(RequestContext requestContext) {
        Optional<ServiceStatus.Use> use =
                requestContext.optionalParameter("for").map(ReadinessRoutes::use);
        return deployment.readiness(replica.id()).thenApply(readiness -> answer(readiness, use));
    }

    private static ServiceStatus.Use use(String name) {
        return switch (name) {
            case "reads" -> ServiceStatus.Use.READS;
            case "writes" -> ServiceStatus.Use.WRITES;
            default -> throw Problem.badRequest("\"for\" is reads or writes, not \"" + name + "\"");
        };
    }

    private HttpResponse answer(Readiness readiness, Optional<ServiceStatus.Use> use) {
        boolean isReady = use.map(readiness::serves).orElse(readiness.isReady());
        if (isReady) {
            return Json.ok(Json.object(json -> {
                json.writeStringField("status", "ready");
                write(json, readiness);
            }));
        }
        return Problem.unavailable("replica " + replica.id() + " is not ready: " + problem(readiness, use))
                .with(json -> write(json, readiness))
                .response();
    }

    private static String problem(Readiness readiness, Optional<ServiceStatus.Use> use) {
        return readiness.isReady()
                ? "it takes no " + use.orElseThrow().name().toLowerCase(Locale.ROOT)
                : readiness.problem();
    }

    private static void write(JsonGenerator json, Readiness readiness) throws IOException {
        json.writeStringField("state", readiness.state().toString());
        writeNames(
                json,
                "serves",
                readiness.serves().stream()
                        .filter(it -> it.use() != ServiceStatus.Use.NEWS)
                        .map(ServiceStatus.Service::name)
                        .toList());
        json.writeArrayFieldStart("missing");
        for (Readiness.Missing missing : readiness.missing()) {
            json.writeStartObject();
            json.writeStringField("what", missing.what());
            json.writeStringField("why", missing.why());
            json.writeStringField("since", missing.since().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        writeNames(json, "unheard", readiness.unheard());
    }

    private static void writeNames(JsonGenerator json, String member, Collection<?> names) throws IOException {
        json.writeArrayFieldStart(member);
        for (Object name : names) {
            json.writeString(name.toString());
        }
        json.writeEndArray();
    }
}
