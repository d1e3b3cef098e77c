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
 * All routes of one replica. Reads the body within its limits, selects the routes by the first segment of the path, and
 * turns every error into a problem document.
 */
final class ReplicaHandler implements Connections.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaHandler.class);
    /** An unwanted body is read and discarded up to this multiple of the maximum value size. */
    private static final int PATIENCE = 64;
    /** The time limit for reading an unwanted body. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final NodeId replica;
    private final ActorSystem<?> system;
    private final Deployment.Limits limits;
    private final BrowserPolicy browserPolicy;
    private final AccessControl accessControl;
    private final InFlightBudget inFlightBudget;
    private final Metrics metrics;
    private final FrontRoutes front;
    private final ClientRoutes client;
    private final BackupRoute backup;
    private final DigestRoute digest;
    private final MembersRoutes members;
    private final ObservabilityRoutes observability;
    /** Null if the lab is off; the routes of the course labs are then off too. */
    private final LabRoutes lab;

    private final CourseLabRoutes courseLab;

    /** The routes of one replica. Those of the lab exist only if the deployment enables them. */
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
        this.browserPolicy = new BrowserPolicy(settings);
        this.accessControl = new AccessControl(settings.security().tokens());
        this.inFlightBudget = new InFlightBudget(
                replica.id(), ReplicaLimits.bytesInHeap(deployment.here().size()), system, limits.requestTimeout());
        this.metrics = metrics;
        metrics.observe(inFlightBudget);
        this.front = new FrontRoutes(replica.id(), settings);
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        this.client = new ClientRoutes(replica, settings, metrics, inFlightBudget, history, blocking);
        this.backup = new BackupRoute(deployment, replica.id(), blocking);
        this.digest = new DigestRoute(replica, metrics, inFlightBudget, system, blocking);
        this.members = new MembersRoutes(deployment, replica);
        this.observability = new ObservabilityRoutes(deployment, replica, metrics, events, inFlightBudget, blocking);
        this.lab = settings.lab() ? new LabRoutes(deployment.laboratory(), settings) : null;
        this.courseLab = new CourseLabRoutes(client, replica, settings);
    }

    @Override
    public CompletionStage<HttpResponse> answer(HttpRequest request) {
        long began = System.nanoTime();
        RequestContext requestContext = RequestContext.of(request);
        return answered(requestContext).thenApply(answer -> {
            metrics.answered(requestContext, answer.status().intValue(), System.nanoTime() - began);
            return browserPolicy.areAny() ? browserPolicy.readable(request, answer) : answer;
        });
    }

    private CompletionStage<HttpResponse> answered(RequestContext requestContext) {
        HttpRequest request = requestContext.request();
        try {
            Optional<HttpResponse> preflight = browserPolicy.preflight(requestContext);
            if (preflight.isPresent()) {
                return afterBody(request, preflight.get());
            }
            // Before the body is read, so that unauthorised clients cannot fill the memory.
            browserPolicy.check(requestContext);
            accessControl.check(requestContext);
            requestContext.refuseConditions();
        } catch (RuntimeException e) {
            return afterBody(request, problem(e));
        }
        CompletionStage<HttpResponse> response =
                takesBody(requestContext) ? receive(requestContext) : read(requestContext);
        return response.exceptionally(ReplicaHandler::problem);
    }

    /** Keeps the health observable however many connections there are: spare connections serve nothing else. */
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

    private static boolean takesBody(RequestContext requestContext) {
        return (requestContext.method().equals("PUT") || requestContext.method().equals("POST"))
                && !ObservabilityRoutes.takes(requestContext.segment(0));
    }

    private CompletionStage<HttpResponse> read(RequestContext requestContext) {
        if (!requestContext.request().entity().isStrict()) {
            requestContext.request().entity().withSizeLimit(patience()).discardBytes(system);
        }
        return begin(requestContext).thenApply(inFlightBudget::counted);
    }

    private CompletionStage<HttpResponse> receive(RequestContext requestContext) {
        RequestEntity entity = requestContext.request().entity();
        long size = entity.getContentLengthOption().orElse(limits.valueBytes());
        InFlightBudget.Share share;
        try {
            if (size > limits.valueBytes()) {
                throw tooLarge();
            }
            // Reserved in full before reading, because the body may arrive slowly.
            share = inFlightBudget.request(size);
        } catch (Problem e) {
            return afterBody(requestContext.request(), e.response());
        }
        return (entity.isStrict() ? CompletableFuture.completedFuture(requestContext) : takeIn(requestContext, share))
                .thenCompose(this::begin)
                .whenComplete((answer, failure) -> share.release());
    }

    private CompletionStage<RequestContext> takeIn(RequestContext requestContext, InFlightBudget.Share share) {
        return requestContext
                .request()
                .entity()
                .withSizeLimit(limits.valueBytes())
                .toStrict(limits.requestTimeout().toMillis(), limits.valueBytes(), system)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(bodyProblem(Failures.cause(failure))))
                .thenApply(body -> {
                    share.resize(body.getData().size());
                    return requestContext.withBody(body);
                });
    }

    /**
     * Refuses a request after discarding its body: Pekko closes the connection after an earlier answer, and the system
     * would then discard what the client has not read of it. Clients that wait for permission to send the body, or send
     * too much or too slowly, are answered at once.
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
        return Problem.badRequest("the body could not be read: it ends too soon, or its chunks are malformed");
    }

    private Problem tooLarge() {
        return Problem.of(StatusCodes.CONTENT_TOO_LARGE, "a value is at most " + limits.valueBytes() + " bytes");
    }

    /** Marks the request as begun: everything needed of it has arrived. */
    private CompletionStage<HttpResponse> begin(RequestContext requestContext) {
        try {
            Connections.begin(requestContext.request());
            return route(requestContext);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(problem(e));
        }
    }

    private CompletionStage<HttpResponse> route(RequestContext requestContext) {
        String first = requestContext.segment(0);
        if (first.equals("kv")) {
            return client.handle(requestContext);
        }
        if (ObservabilityRoutes.takes(first)) {
            return observability.handle(requestContext);
        }
        if (first.equals("digest")) {
            return digest.handle(requestContext);
        }
        if (first.equals("members")) {
            return members.handle(requestContext);
        }
        if (first.equals("backup")) {
            return backup.handle(requestContext);
        }
        if (requestContext.isOfTheLab()) {
            if (lab == null) {
                throw Problem.notFound("the lab is off; \"lab = on\" in the deployment turns it on");
            }
            return first.equals("lab") ? laboratory(requestContext) : courseLab.handle(requestContext);
        }
        if (FrontRoutes.takes(requestContext)) {
            return CompletableFuture.completedFuture(front.handle(requestContext));
        }
        throw requestContext.noRoute();
    }

    /**
     * Reserves room for the answer, which describes all links, before the change: a completed change cannot be refused.
     */
    private CompletionStage<HttpResponse> laboratory(RequestContext requestContext) {
        InFlightBudget.Share share = inFlightBudget.answer(InFlightBudget.SMALL);
        try {
            return lab.handle(requestContext).thenApply(share::releasedAfter).whenComplete((answer, failure) -> {
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
        LOG.error("A request failed by an internal error", cause);
        return Problem.internal().response();
    }
}
