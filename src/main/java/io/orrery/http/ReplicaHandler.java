package io.orrery.http;

import io.orrery.deployment.Deployment;
import io.orrery.live.Laboratory;
import io.orrery.live.ReplicaClient;
import io.orrery.live.RunningDeployment;
import io.orrery.model.Durations;
import io.orrery.model.Failures;
import io.orrery.model.NodeId;
import io.orrery.replica.ReplicaLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All routes of one replica. Takes in the body where there may be one, within its limits, finds the routes by the first
 * segment of the path, and makes a problem document of every error.
 */
final class ReplicaHandler implements Connections.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaHandler.class);
    /** A body that is not wanted is read and thrown away up to this multiple of the largest value. */
    private static final int PATIENCE = 64;
    /** And for so long. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final NodeId replica;
    private final ActorSystem<?> system;
    private final Deployment.Limits limits;
    private final Visitors visitors;
    private final Access access;
    private final UnderWay underWay;
    private final Metrics metrics;
    private final FrontRoutes front;
    private final ClientRoutes client;
    private final BackupRoute backup;
    private final DigestRoute digest;
    private final ObservabilityRoutes observability;
    /** Null where the lab is off; then the routes of the course labs are off too. */
    private final LabRoutes lab;

    private final CourseLabRoutes courseLab;

    /** The routes of one replica. Those of the lab answer only where the deployment says so. */
    ReplicaHandler(
            RunningDeployment deployment,
            ReplicaClient replica,
            Metrics metrics,
            EventLog events,
            Optional<HistoryLog> history) {
        Deployment settings = deployment.deployment();
        this.replica = replica.id();
        this.system = deployment.system();
        this.limits = settings.limits();
        this.visitors = new Visitors(settings);
        this.access = new Access(settings.security().tokens());
        this.underWay = new UnderWay(
                replica.id(), ReplicaLimits.bytesInHeap(deployment.here().size()), system, limits.requestTimeout());
        this.metrics = metrics;
        metrics.observe(underWay);
        this.front = new FrontRoutes(replica.id(), settings);
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        this.client = new ClientRoutes(replica, settings, metrics, underWay, history, blocking);
        this.backup = new BackupRoute(deployment, replica.id(), blocking);
        this.digest = new DigestRoute(replica, metrics, underWay, system, blocking);
        this.observability = new ObservabilityRoutes(deployment, replica, metrics, events, underWay, blocking);
        this.lab = settings.lab() ? new LabRoutes(deployment.laboratory(), settings) : null;
        this.courseLab = new CourseLabRoutes(client, replica, settings);
    }

    @Override
    public CompletionStage<HttpResponse> answer(HttpRequest request) {
        long began = System.nanoTime();
        Call call = Call.of(request);
        return answered(call).thenApply(answer -> {
            metrics.answered(call, answer.status().intValue(), System.nanoTime() - began);
            return visitors.areAny() ? visitors.readable(request, answer) : answer;
        });
    }

    private CompletionStage<HttpResponse> answered(Call call) {
        HttpRequest request = call.request();
        try {
            Optional<HttpResponse> preflight = visitors.preflight(call);
            if (preflight.isPresent()) {
                return afterBody(request, preflight.get());
            }
            // Before the body is read: who may not ask cannot fill the memory.
            visitors.check(call);
            access.check(call);
            call.refuseConditions();
        } catch (RuntimeException e) {
            return afterBody(request, problem(e));
        }
        CompletionStage<HttpResponse> response = takesBody(call) ? receive(call) : read(call);
        return response.exceptionally(ReplicaHandler::problem);
    }

    /** Whether a replica lives can be seen, however many connections there are; on the last ones no more than that. */
    @Override
    public CompletionStage<HttpResponse> answerIfUrgent(HttpRequest request) {
        String path = request.getUri().path();
        CompletionStage<HttpResponse> answer;
        if (path.equals("/health") || path.equals("/ready")) {
            answer = answer(request);
        } else {
            answer = afterBody(
                    request,
                    problem(Problem.unavailable("replica " + replica + " has "
                            + limits.connections().count()
                            + " connections already, with requests under way on all")));
        }
        return answer.thenApply(it -> it.addHeader(Connection.create("close")));
    }

    private static boolean takesBody(Call call) {
        return (call.method().equals("PUT") || call.method().equals("POST"))
                && !ObservabilityRoutes.takes(call.segment(0));
    }

    private CompletionStage<HttpResponse> read(Call call) {
        if (!call.request().entity().isStrict()) {
            call.request().entity().withSizeLimit(patience()).discardBytes(system);
        }
        return begin(call).thenApply(underWay::counted);
    }

    private CompletionStage<HttpResponse> receive(Call call) {
        RequestEntity entity = call.request().entity();
        long size = entity.getContentLengthOption().orElse(limits.valueBytes());
        UnderWay.Share share;
        try {
            if (size > limits.valueBytes()) {
                throw tooLarge();
            }
            // Before any of it is taken in, and all of it: it is not known how soon it comes.
            share = underWay.request(size);
        } catch (Problem e) {
            return afterBody(call.request(), e.response());
        }
        return (entity.isStrict() ? CompletableFuture.completedFuture(call) : takeIn(call, share))
                .thenCompose(this::begin)
                .whenComplete((answer, failure) -> share.release());
    }

    private CompletionStage<Call> takeIn(Call call, UnderWay.Share share) {
        return call.request()
                .entity()
                .withSizeLimit(limits.valueBytes())
                .toStrict(limits.requestTimeout().toMillis(), limits.valueBytes(), system)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(bodyProblem(Failures.cause(failure))))
                .thenApply(body -> {
                    share.resize(body.getData().size());
                    return call.withBody(body);
                });
    }

    /**
     * A refusal, when the body that nobody reads has come: Pekko ends the connection after an answer that goes before, and the
     * system then throws away what the client has not read of it. Only who asks whether to send the body, or sends too much or too
     * slowly, is answered at once.
     */
    private CompletionStage<HttpResponse> afterBody(HttpRequest request, HttpResponse refusal) {
        RequestEntity body = request.entity();
        if (body.isStrict()
                || request.getHeader("Expect").isPresent()
                || body.getContentLengthOption().orElse(0) > patience()) {
            return CompletableFuture.completedFuture(refusal);
        }
        return body.withSizeLimit(patience())
                .discardBytes(system)
                .completionStage()
                .handle((done, failure) -> refusal)
                .toCompletableFuture()
                .completeOnTimeout(refusal, LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private long patience() {
        return (long) limits.valueBytes() * PATIENCE;
    }

    private Throwable bodyProblem(Throwable failure) {
        if (failure instanceof EntityStreamSizeException) {
            return tooLarge();
        }
        if (failure instanceof TimeoutException) {
            return Problem.of(
                    StatusCodes.REQUEST_TIMEOUT,
                    "the body has not come within " + Durations.format(limits.requestTimeout()));
        }
        return Problem.badRequest("the body could not be read: it ends too soon, or its chunks are none");
    }

    private Problem tooLarge() {
        return Problem.of(StatusCodes.CONTENT_TOO_LARGE, "a value is at most " + limits.valueBytes() + " bytes");
    }

    /** All of it that matters has come. */
    private CompletionStage<HttpResponse> begin(Call call) {
        try {
            Connections.begin(call.request());
            return route(call);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(problem(e));
        }
    }

    private CompletionStage<HttpResponse> route(Call call) {
        String first = call.segment(0);
        if (first.equals("kv")) {
            return client.handle(call);
        }
        if (ObservabilityRoutes.takes(first)) {
            return observability.handle(call);
        }
        if (first.equals("digest")) {
            return digest.handle(call);
        }
        if (first.equals("backup")) {
            return backup.handle(call);
        }
        if (call.isOfTheLab()) {
            if (lab == null) {
                throw Problem.notFound("the lab is off; \"lab = on\" in the deployment turns it on");
            }
            return first.equals("lab") ? laboratory(call) : courseLab.handle(call);
        }
        if (FrontRoutes.takes(call)) {
            return CompletableFuture.completedFuture(front.handle(call));
        }
        throw call.noRoute();
    }

    /** Its answers tell of all links. What is done cannot be refused, so there must be room for one before. */
    private CompletionStage<HttpResponse> laboratory(Call call) {
        UnderWay.Share share = underWay.answer(UnderWay.SMALL);
        try {
            return lab.handle(call).thenApply(share::releasedAfter).whenComplete((answer, failure) -> {
                if (failure != null) {
                    share.release();
                }
            });
        } catch (RuntimeException e) {
            share.release();
            throw e;
        }
    }

    private static HttpResponse problem(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof Problem problem) {
            return problem.response();
        }
        if (cause instanceof Laboratory.NotDone) {
            return Problem.unavailable(cause.getMessage()).response();
        }
        if (cause instanceof ReplicaClient.NotAnswered || cause instanceof TimeoutException) {
            String detail = cause.getMessage() == null ? "it was not done in time" : cause.getMessage();
            return Problem.of(StatusCodes.GATEWAY_TIMEOUT, detail)
                    .with("outcome", "unknown")
                    .response();
        }
        LOG.error("A request failed inside", cause);
        return Problem.internal().response();
    }
}
