package io.orrery.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Outcome.Done;
import io.orrery.model.Outcome.Reason;
import io.orrery.model.Outcome.Refused;
import io.orrery.model.Outcome.Status;
import io.orrery.model.Outcome.Unknown;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An operation as an HTTP request, and the meaning of its answers.
 *
 * @param body JSON; empty for none
 */
public record KeyCall(Operation operation, String method, String path, String body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public static KeyCall of(Operation operation) {
        String path = RestClient.keyPath(operation.key().name());
        if (operation instanceof Operation.Read) {
            return new KeyCall(operation, "GET", path, "");
        }
        if (operation instanceof Operation.Write write) {
            return new KeyCall(operation, "PUT", path, write.value().json());
        }
        if (operation instanceof Operation.Delete) {
            return new KeyCall(operation, "DELETE", path, "");
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            return cas.value()
                    .map(value -> new KeyCall(operation, "PUT", path, value.json()))
                    .orElse(new KeyCall(operation, "DELETE", path, ""));
        }
        Operation.HandMadeWrite handMadeWrite = (Operation.HandMadeWrite) operation;
        ObjectNode body = MAPPER.createObjectNode()
                .put("key", handMadeWrite.key().name())
                .put("from", handMadeWrite.from().name());
        body.putRawValue(
                "value",
                new com.fasterxml.jackson.databind.util.RawValue(
                        handMadeWrite.value().json()));
        ObjectNode clock = body.putObject("clock");
        handMadeWrite.clock().forEach((node, count) -> clock.put(node.name(), count));
        if (handMadeWrite.version() > 0) {
            body.put("version", handMadeWrite.version());
        }
        return new KeyCall(operation, "POST", "/sync", body.toString());
    }

    /** The headers that say its condition, if it has one. */
    public Map<String, String> headers() {
        return operation instanceof Operation.CompareAndSet cas ? Headers.comparing(cas.expected()) : Map.of();
    }

    /**
     * Asks a replica once and waits for the answer.
     *
     * @param session the client's session token; empty for none
     * @param client the client's name in the history
     */
    public Outcome send(RestClient replica, String session, String client) {
        try {
            return outcome(replica.withHeaders(headers()).send(method, path, body, session, client));
        } catch (RequestFailure e) {
            return e.kind() == RequestFailure.Kind.UNKNOWN
                    ? new Unknown(e.getMessage())
                    : new Refused(Reason.UNAVAILABLE, e.getMessage());
        }
    }

    /**
     * The outcome of the operation according to an answer. An answer that no replica gives, such as that of a proxy,
     * leaves the outcome unknown.
     */
    public Outcome outcome(RestClient.Answer answer) {
        int status = answer.status();
        String session = answer.session();
        Document document;
        try {
            document = Document.parse(answer.body());
        } catch (IllegalArgumentException e) {
            return new Unknown("an answer with status " + status + " that no replica gives");
        }
        if (status == 200) {
            return done(document, Status.valueOf(document.text("status").toUpperCase(Locale.ROOT)), session);
        }
        if (status == 404 && document.has("key")) {
            return done(document, Status.APPLIED, session);
        }
        if (!document.has("detail")) {
            return new Unknown("an answer with status " + status + " that no replica gives");
        }
        if (status == 412) {
            return Outcome.Mismatch.of(done(document, Status.APPLIED, session));
        }
        String detail = document.text("detail");
        return switch (status) {
            case 403 -> new Refused(Reason.NOT_LEADER, document.has("leader") ? document.text("leader") : detail);
            case 410 -> new Refused(Reason.FORGOTTEN, detail);
            case 422 -> new Refused(Reason.REUSED, detail);
            case 409 -> new Refused(Reason.OUTDATED, detail);
            case 501 -> new Refused(Reason.UNSUPPORTED, detail);
            case 503 -> new Refused(Reason.UNAVAILABLE, detail);
            case 507 -> new Refused(Reason.FULL, detail);
            case 500, 504 -> new Unknown(detail);
            default -> new Refused(Reason.INVALID, detail);
        };
    }

    private static Done done(Document document, Status status, String session) {
        return new Done(
                document.has("value") ? Optional.of(Value.parse(document.text("value"))) : Optional.empty(),
                document.has("version") ? Optional.of(Version.parse(document.text("version"))) : Optional.empty(),
                status,
                session);
    }
}
