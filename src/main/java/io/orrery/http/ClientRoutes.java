package io.orrery.http;

import io.orrery.client.Headers;
import io.orrery.deployment.Deployment;
import io.orrery.live.ReplicaClient;
import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.replica.ReplicaActor;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.ETag;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The routes of the store, the same for all protocols: {@code PUT}, {@code GET}, {@code DELETE /kv/{key}} and
 * {@code GET /kv}.
 */
final class ClientRoutes {
    private final ReplicaClient replica;
    private final Deployment deployment;
    private final Metrics metrics;
    private final InFlightBudget inFlightBudget;
    private final Optional<HistoryLog> history;
    private final Executor blocking;
    private final AnswerForm plain;

    /** @param blocking runs what may wait for the disk or takes long */
    ClientRoutes(
            ReplicaClient replica,
            Deployment deployment,
            Metrics metrics,
            InFlightBudget inFlightBudget,
            Optional<HistoryLog> history,
            Executor blocking) {
        this.history = history;
        this.blocking = blocking;
        this.replica = replica;
        this.deployment = deployment;
        this.metrics = metrics;
        this.inFlightBudget = inFlightBudget;
        this.plain = new AnswerForm.OfStore(replica.id());
    }

    CompletionStage<HttpResponse> handle(RequestContext requestContext) {
        if (requestContext.path().size() == 1) {
            requestContext.require("GET");
            return data(DataParts::list);
        }
        if (requestContext.path().size() > 2) {
            throw Problem.badRequest("a slash in a key is written %2F: the path is /kv/{key}");
        }
        return perform(operation(requestContext), requestContext);
    }

    /** Performs an operation in the session of a request; answers in the form of the store's routes. */
    CompletionStage<HttpResponse> perform(Operation operation, RequestContext requestContext) {
        return carryOut(operation, requestContext).thenApply(outcome -> {
            Optional<Version> version = version(outcome);
            if (operation instanceof Operation.Read
                    && version.isPresent()
                    && Conditions.has(requestContext, version.get())) {
                return tagged(inSession(outcome, HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED)), version);
            }
            return tagged(answer(operation, outcome, plain), version);
        });
    }

    /** The version of the value that the key has now, as far as the client may know. */
    private static Optional<Version> version(Outcome outcome) {
        if (outcome instanceof Outcome.Done done && done.value().isPresent()) {
            return done.version();
        }
        return outcome instanceof Outcome.Mismatch mismatch
                ? mismatch.value().flatMap(any -> mismatch.version())
                : Optional.empty();
    }

    private static HttpResponse tagged(HttpResponse answer, Optional<Version> version) {
        return version.<HttpResponse>map(it -> answer.addHeader(ETag.create(EntityTag.create(it.text(), false))))
                .orElse(answer);
    }

    /** Performs an operation in the session of a request, for all client routes. */
    CompletionStage<Outcome> carryOut(Operation operation, RequestContext requestContext) {
        String session = requestContext.header(Headers.SESSION, "");
        Optional<RequestId> id = requestId(operation, requestContext);
        long began = System.nanoTime();
        CompletionStage<Outcome> outcome = history.isPresent()
                ? requestRecorded(history.get(), operation, session, id, requestContext)
                : replica.request(operation, session, id);
        return outcome.thenApply(it -> {
            metrics.answered(operation, it, System.nanoTime() - began);
            return it;
        });
    }

    /** Runs on a thread that may block: writing the history must not block the replica's thread or other requests. */
    private CompletionStage<Outcome> requestRecorded(
            HistoryLog log,
            Operation operation,
            String session,
            Optional<RequestId> id,
            RequestContext requestContext) {
        return CompletableFuture.supplyAsync(
                        () -> log.asks(requestContext, session, replica.id(), operation, id), blocking)
                .thenCompose(recorded -> replica.request(operation, session, id)
                        .thenApplyAsync(
                                outcome -> {
                                    recorded.returns(outcome);
                                    return outcome;
                                },
                                blocking));
    }

    private static Optional<RequestId> requestId(Operation operation, RequestContext requestContext) {
        String text = requestContext.header(Headers.REQUEST, "");
        if (requestContext.request().getHeader(Headers.REQUEST).isEmpty()) {
            return Optional.empty();
        }
        if (operation instanceof Operation.Read) {
            throw Problem.badRequest("a read takes no " + Headers.REQUEST + ": it can be sent again without one");
        }
        try {
            return Optional.of(RequestId.parse(text));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("the header " + Headers.REQUEST + ": " + e.getMessage());
        }
    }

    private static Operation operation(RequestContext requestContext) {
        try {
            return switch (requestContext.method()) {
                case "GET" -> new Operation.Read(key(requestContext));
                case "PUT" ->
                    Conditions.write(
                            requestContext, key(requestContext), Optional.of(Value.parse(requestContext.json())));
                case "DELETE" -> Conditions.write(requestContext, key(requestContext), Optional.empty());
                default -> throw requestContext.notAllowed("GET, PUT, DELETE");
            };
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(e.getMessage());
        }
    }

    private static Key key(RequestContext requestContext) {
        return key(requestContext, requestContext.segment(1), "path");
    }

    /** A key from the path or query, decoded. */
    static Key key(RequestContext requestContext, String name, String where) {
        // Pekko replaces malformed UTF-8 by this character, so different keys would become equal.
        if (name.indexOf('\uFFFD') >= 0 && !requestContext.isUtf8()) {
            throw Problem.badRequest("the key in the " + where + " is not UTF-8");
        }
        return Key.of(name);
    }

    /** The answer for the outcome of an operation. */
    HttpResponse answer(Operation operation, Outcome outcome, AnswerForm form) {
        HttpResponse response;
        if (outcome instanceof Outcome.Done done) {
            response = operation instanceof Operation.Read && done.value().isEmpty()
                    ? form.of(absent(operation.key(), done.version())).response()
                    : done(operation, done, form);
        } else if (outcome instanceof Outcome.Refused refused) {
            response = refused.reason() == Outcome.Reason.OUTDATED
                    ? form.outdated(operation.key(), refused.detail())
                    : form.of(refusal(operation, refused)).response();
        } else if (outcome instanceof Outcome.Mismatch mismatch) {
            response = form.of(mismatch(operation.key(), mismatch)).response();
        } else if (outcome instanceof Outcome.Unknown unknown) {
            response = form.of(unknown(operation, unknown)).response();
        } else {
            throw new IllegalStateException("there is no answer for " + outcome);
        }
        return inSession(outcome, response);
    }

    private static HttpResponse inSession(Outcome outcome, HttpResponse response) {
        String session = outcome.session();
        return session.isEmpty() ? response : response.addHeader(RawHeader.create(Headers.SESSION, session));
    }

    private HttpResponse done(Operation operation, Outcome.Done done, AnswerForm form) {
        String value = done.value().map(Value::json).orElse("");
        if (value.length() <= InFlightBudget.SMALL) {
            return Json.ok(document(operation, done, value, form));
        }
        if (operation instanceof Operation.Read) {
            return large(operation, done, value, form, inFlightBudget.answer(value.length()));
        }
        // A completed write cannot be refused: without room for its value, the answer leaves it out.
        return inFlightBudget
                .answerIfRoom(value.length())
                .map(share -> large(operation, done, value, form, share))
                .orElseGet(() -> Json.ok(document(
                        operation,
                        new Outcome.Done(Optional.empty(), done.version(), done.status(), done.session()),
                        "",
                        form)));
    }

    private static HttpResponse large(
            Operation operation, Outcome.Done done, String value, AnswerForm form, InFlightBudget.Share share) {
        byte[] around = document(operation, done, "", form);
        String key = operation.key().name();
        // The value follows its name, which is the second.
        int at = Json.object(json -> json.writeStringField("key", key)).length - 1 + ",\"value\":".length();
        ValueParts parts =
                new ValueParts(Arrays.copyOf(around, at), value, Arrays.copyOfRange(around, at, around.length));
        return share.releasedAfter(HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_JSON, parts.size(), Source.fromIterator(() -> parts))));
    }

    /** @param value the JSON to write as the value, if there is one */
    private static byte[] document(Operation operation, Outcome.Done done, String value, AnswerForm form) {
        return Json.object(json -> {
            json.writeStringField("key", operation.key().name());
            if (done.value().isPresent()) {
                json.writeFieldName("value");
                json.writeRawValue(value);
            }
            form.writeDone(json, operation, done);
        });
    }

    private Problem absent(Key key, Optional<Version> version) {
        Problem problem = Problem.notFound("there is no key \"" + key + "\" at " + replica.id())
                .with("key", key.name())
                .with("node", replica.id().name());
        version.ifPresent(deleted -> problem.with("version", deleted.toString()));
        return problem;
    }

    private Problem mismatch(Key key, Outcome.Mismatch found) {
        String what = found.value().isEmpty()
                ? "no value"
                : found.version().map(it -> "version " + it).orElse("another value");
        Problem problem = Problem.of(
                        StatusCodes.PRECONDITION_FAILED, "key \"" + key + "\" has " + what + ": nothing was changed")
                .with("key", key.name())
                .with("node", replica.id().name());
        found.version().ifPresent(version -> problem.with("version", version.toString()));
        found.value()
                .filter(value -> value.json().length() <= InFlightBudget.SMALL)
                .ifPresent(value -> problem.with(json -> {
                    json.writeFieldName("value");
                    json.writeRawValue(value.json());
                }));
        return problem;
    }

    private Problem refusal(Operation operation, Outcome.Refused refused) {
        return switch (refused.reason()) {
            case OVERLOADED, UNAVAILABLE -> Problem.unavailable(refused.detail());
            case NOT_LEADER -> notLeader(refused.detail());
            case FULL -> Problem.of(StatusCodes.INSUFFICIENT_STORAGE, refused.detail());
            case REUSED -> Problem.of(StatusCodes.UNPROCESSABLE_CONTENT, refused.detail());
            case FORGOTTEN -> Problem.of(StatusCodes.GONE, refused.detail());
            case UNSUPPORTED -> Problem.of(StatusCodes.NOT_IMPLEMENTED, refused.detail());
            case OUTDATED -> throw new IllegalStateException("each form has an answer of its own to that");
            case INVALID ->
                Problem.badRequest(
                        operation instanceof Operation.HandMadeWrite
                                ? refused.detail()
                                // Everything else in the operation was checked before.
                                : "the header " + Headers.SESSION + " is " + refused.detail());
        };
    }

    private Problem notLeader(String leader) {
        return deployment.replicas().stream()
                .filter(member -> member.id().name().equals(leader))
                .findFirst()
                .map(member -> Problem.of(
                                StatusCodes.FORBIDDEN,
                                "replica " + replica.id() + " takes no writes; the leader is " + leader + " at "
                                        + deployment.url(member.http()))
                        .with("leader", leader)
                        .with("location", deployment.url(member.http())))
                .orElseGet(() -> Problem.of(StatusCodes.FORBIDDEN, leader));
    }

    private static Problem unknown(Operation operation, Outcome.Unknown unknown) {
        String consequence = operation instanceof Operation.Read
                ? "nothing was read"
                : "the " + operation.name() + " may have happened, may happen later, or never";
        return Problem.of(StatusCodes.GATEWAY_TIMEOUT, unknown.detail() + ": " + consequence)
                .with("outcome", "unknown");
    }

    /** The whole store. */
    CompletionStage<HttpResponse> data(Function<ReplicaActor.Data, DataParts> form) {
        // Reserved before asking the replica, which copies its list of keys.
        InFlightBudget.Share share = inFlightBudget.wholeStore();
        return replica.data()
                // Not on the replica's thread, because it sorts.
                .thenApplyAsync(
                        data -> data.map(form)
                                .map(DataParts::response)
                                .orElseThrow(() -> Problem.unavailable("replica " + replica.id() + " is down")),
                        blocking)
                .thenApply(share::releasedAfter)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        share.release();
                    }
                });
    }
}
