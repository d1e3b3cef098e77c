package io.orrery.launch;

import io.orrery.client.KeyCall;
import io.orrery.client.LabCall;
import io.orrery.client.RequestFailure;
import io.orrery.client.RequestFailure.Kind;
import io.orrery.client.RestClient;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Recorder;
import io.orrery.model.DaemonThreads;
import io.orrery.model.Durations;
import io.orrery.model.Failures;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.SeededRandom;
import io.orrery.scenario.ScenarioPlayer;
import io.orrery.scenario.ScenarioRuntime;
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
 * Runs a scenario in real time against replicas over HTTP, and records the history of its clients. One thread runs the
 * steps; requests are asynchronous.
 */
final class ClusterScenarioRuntime implements ScenarioRuntime, AutoCloseable {
    /** A replica with much to recover takes long to restart. */
    private static final Duration LAB_LIMIT = Duration.ofSeconds(60);

    private final Map<NodeId, String> urls;
    private final Consumer<String> progress;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("play"));
    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private long began;

    /**
     * @param urls the address of each replica
     * @param progress is told of each fault
     */
    ClusterScenarioRuntime(Map<NodeId, String> urls, Consumer<String> progress) {
        this.urls = urls;
        this.progress = progress;
    }

    /**
     * Runs the scenario to its end.
     *
     * @throws RequestFailure if a fault could not be injected
     */
    void play(ScenarioPlayer scenarioPlayer) throws InterruptedException {
        run(() -> {
            began = System.nanoTime();
            scenarioPlayer.begin(() -> over.complete(null));
        });
        try {
            over.get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** The recorded history; complete when {@link #play} has returned. */
    History history() {
        return History.of(events);
    }

    /** Opens a connection to each replica, so that the first step does not wait for it. */
    void connect() {
        urls.values().forEach(url -> new RestClient(url, LAB_LIMIT).get("/status"));
    }

    /** Injects a fault; returns when it is in effect. */
    void apply(Fault fault) {
        await(carryOut(fault));
    }

    /** In whole milliseconds: finer differences are noise. */
    @Override
    public Duration now() {
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanos()));
    }

    private long nanos() {
        return System.nanoTime() - began;
    }

    @Override
    public void plan(Duration at, Runnable step) {
        // Relative to now, not to the beginning: tasks scheduled at one moment with the same delay stay in order.
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

    /** Wraps a task so that its failure ends the run. */
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
            if (!answer.isSuccess()) {
                throw new RequestFailure(
                        Kind.WRONG,
                        "the cluster did not carry out \"" + fault + "\": "
                                + answer.failure().getMessage());
            }
        });
    }

    /** Retries at the next node if one does not answer, which is safe because all faults are idempotent. */
    private CompletableFuture<RestClient.Answer> callLab(LabCall call, Iterator<String> nodes) {
        return new RestClient(nodes.next(), LAB_LIMIT)
                .sendAsync(call.method(), call.path(), call.body(), "", "")
                .exceptionallyCompose(
                        failure -> nodes.hasNext() ? callLab(call, nodes) : CompletableFuture.failedFuture(failure));
    }

    private static void await(CompletableFuture<?> answer) {
        try {
            answer.join();
        } catch (CompletionException e) {
            throw rethrown(e);
        }
    }

    private static RuntimeException rethrown(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known
                ? known
                : new RequestFailure(Kind.UNKNOWN, "the cluster does not answer: " + cause);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** A client of the scenario, which carries its session token from replica to replica. */
    private final class Session implements Client {
        private final String name;
        private final Duration patience;
        private final Recorder.Client recorded;
        private String token = "";

        Session(String name, Duration patience) {
            // The allowed characters of a client's name in HTTP.
            this.name = name.replaceAll("[^\\p{Alnum}._-]", "-");
            this.patience = patience;
            this.recorded = recorder.client(name);
        }

        @Override
        public void invoke(NodeId via, Operation operation, Consumer<Outcome> whenDone) {
            KeyCall call = KeyCall.of(operation);
            Recorder.Asked asked = recorded.asks(nanos(), via, operation);
            new RestClient(urls.get(via), patience)
                    .withHeaders(call.headers())
                    .sendAsync(call.method(), call.path(), call.body(), token, name)
                    .handle((answer, failure) -> failure == null ? call.outcome(answer) : ended(via, failure))
                    .thenAccept(outcome -> run(() -> {
                        asked.returns(nanos(), outcome);
                        if (!outcome.session().isEmpty()) {
                            token = outcome.session();
                        }
                        whenDone.accept(outcome);
                    }));
        }

        /** A request had no effect for certain only if it was never sent. */
        private Outcome ended(NodeId via, Throwable failure) {
            Throwable cause = Failures.cause(failure);
            if (cause instanceof RequestFailure ended && ended.kind() == Kind.WRONG) {
                return new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "nothing answers at replica " + via);
            }
            return new Outcome.Unknown(
                    cause instanceof RequestFailure ended && ended.isTimeout()
                            ? "no answer within " + Durations.format(patience)
                            : "the connection to replica " + via + " broke: " + cause.getMessage());
        }
    }
}
