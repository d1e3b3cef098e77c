package io.orrery.launch;

import io.orrery.client.Document;
import io.orrery.client.RequestFailure;
import io.orrery.client.RequestFailure.Kind;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Recorder;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.SeededRandom;
import io.orrery.scenario.Play;
import io.orrery.scenario.Stage;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Replicas that are reached over HTTP as the stage of a play, in real time. Records what the clients ask and what they are
 * told. One thread runs the play; requests are on their way meanwhile.
 */
final class ClusterStage implements Stage, AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    /** A replica that restarts with much to recover takes a while. */
    private static final Duration LAB_LIMIT = Duration.ofSeconds(60);

    private final Map<NodeId, String> urls;
    private final Consumer<String> progress;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread player = new Thread(task, "play");
        player.setDaemon(true);
        return player;
    });
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private long began;

    /**
     * @param urls where each replica is reached
     * @param progress is told of each fault
     */
    ClusterStage(Map<NodeId, String> urls, Consumer<String> progress) {
        this.urls = urls;
        this.progress = progress;
    }

    /**
     * Plays to the end.
     *
     * @throws RequestFailure when a fault could not be carried out
     */
    void play(Play play) throws InterruptedException {
        run(() -> {
            began = System.nanoTime();
            play.begin(() -> over.complete(null));
        });
        try {
            over.get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** What was recorded; to be asked for when the play is over. */
    History history() {
        return History.of(events);
    }

    /** Prepares a connection to each replica, so that the first step does not have to wait for it. */
    void connect() {
        urls.values().forEach(url -> await(send(url, "GET", "/status", "", LAB_LIMIT)));
    }

    /** Carries out a fault, and returns when it is done. */
    void apply(Fault fault) {
        await(carryOut(fault));
    }

    /** To the millisecond: what is finer is noise here. */
    @Override
    public Duration now() {
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanos()));
    }

    private long nanos() {
        return System.nanoTime() - began;
    }

    @Override
    public void plan(Duration at, Runnable step) {
        // From now, not from the beginning: what takes the same time from one now to the next stays in its order.
        thread.schedule(guarded(step), at.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void after(Delay delay, SeededRandom random, Runnable task) {
        thread.schedule(guarded(task), delay.sampleNanos(random), TimeUnit.NANOSECONDS);
    }

    @Override
    public void apply(Fault fault, Runnable done) {
        progress.accept(Durations.format(now()) + ": " + fault);
        carryOut(fault)
                .whenComplete((answer, failure) -> run(() -> {
                    if (failure != null) {
                        throw rethrown(failure);
                    }
                    done.run();
                }));
    }

    @Override
    public Client client(String name, Duration patience) {
        return new Session(name, patience);
    }

    private void run(Runnable task) {
        thread.execute(guarded(task));
    }

    /** A play in which something goes wrong ends with it. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                over.completeExceptionally(e);
            }
        };
    }

    private CompletableFuture<Void> carryOut(Fault fault) {
        return callLab(LabCall.of(fault), urls.values().iterator()).thenAccept(answer -> {
            if (answer.statusCode() != 200) {
                throw new RequestFailure(
                        Kind.WRONG, "the cluster did not carry out \"" + fault + "\": " + detail(answer.body()));
            }
        });
    }

    /** All faults can be carried out twice: where one node does not answer, the next is asked. */
    private CompletableFuture<HttpResponse<String>> callLab(LabCall call, Iterator<String> nodes) {
        return send(nodes.next(), call.method(), call.path(), call.body(), LAB_LIMIT)
                .exceptionallyCompose(
                        failure -> nodes.hasNext() ? callLab(call, nodes) : CompletableFuture.failedFuture(failure));
    }

    private static String detail(String body) {
        try {
            return Document.parse(body).text("detail");
        } catch (IllegalArgumentException e) {
            return body;
        }
    }

    private CompletableFuture<HttpResponse<String>> send(
            String url, String method, String path, String body, Duration limit, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(limit)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static void await(CompletableFuture<?> answer) {
        try {
            answer.join();
        } catch (CompletionException e) {
            throw rethrown(e);
        }
    }

    private static RuntimeException rethrown(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known
                ? known
                : new RequestFailure(Kind.UNKNOWN, "the cluster does not answer: " + cause);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** A client of the play: what it has seen goes with it from replica to replica. */
    private final class Session implements Client {
        private final String name;
        private final Duration patience;
        private final Recorder.Client recorded;
        private String token = "";

        Session(String name, Duration patience) {
            // Replicas know clients by names of these letters alone.
            this.name = name.replaceAll("[^\\p{Alnum}._-]", "-");
            this.patience = patience;
            this.recorded = recorder.client(name);
        }

        @Override
        public void invoke(NodeId via, Operation operation, Consumer<Outcome> whenDone) {
            KeyCall call = KeyCall.of(operation);
            Recorder.Asked asked = recorded.asks(nanos(), via, operation);
            send(urls.get(via), call.method(), call.path(), call.body(), patience, headers())
                    .handle((answer, failure) -> failure == null ? outcome(call, answer) : ended(via, failure))
                    .thenAccept(outcome -> run(() -> {
                        asked.returns(nanos(), outcome);
                        if (!outcome.session().isEmpty()) {
                            token = outcome.session();
                        }
                        whenDone.accept(outcome);
                    }));
        }

        private String[] headers() {
            return token.isEmpty()
                    ? new String[] {"Orrery-Client", name}
                    : new String[] {"Orrery-Client", name, "Orrery-Session", token};
        }

        private Outcome outcome(KeyCall call, HttpResponse<String> answer) {
            return call.outcome(
                    answer.statusCode(),
                    answer.body(),
                    answer.headers().firstValue("Orrery-Session").orElse(""));
        }

        /** Only a request that never left is known to have changed nothing. */
        private Outcome ended(NodeId via, Throwable failure) {
            Throwable cause = cause(failure);
            if (cause instanceof ConnectException) {
                return new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "nothing answers at replica " + via);
            }
            return new Outcome.Unknown(
                    cause instanceof HttpTimeoutException
                            ? "no answer within " + Durations.format(patience)
                            : "the connection to replica " + via + " broke: " + cause.getMessage());
        }
    }
}
