package io.orrery.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * The client connections of one replica.
 *
 * <p>At the limit, a new connection replaces the one that has been idle for longest. Idle means that no request of it
 * has begun: it may be kept alive for later, or its client sends a head or a body endlessly. If none is idle, the new
 * connection becomes one of {@value #SPARE} spare ones, on which the handler answers only urgent requests. Further
 * connections are closed at once.
 */
final class Connections {
    /** Connections beyond the limit of fully served ones. */
    static final int SPARE = 16;

    /** The time for the last answers after the deadline of shutdown. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private static final AttributeKey<Connection.Asked> ASKED = AttributeKey.create("asked", Connection.Asked.class);

    private final int most;
    private final Handler handler;
    /** Connections that have not been told to end. Guarded by this. */
    private final Set<Connection> open = new HashSet<>();
    /** Connections that have not sent all of their output. Guarded by this. */
    private final Set<Connection> alive = new HashSet<>();
    /** Completes when all connections have ended; null before the shutdown. Guarded by this. */
    private CompletableFuture<Done> ended;

    /** Answers requests. Must {@linkplain #begin begin} a request before it has any effect. */
    interface Handler {
        /** Never completes exceptionally. */
        CompletionStage<HttpResponse> answer(HttpRequest request);

        /** Answers the only request of a spare connection. */
        CompletionStage<HttpResponse> answerIfUrgent(HttpRequest request);
    }

    /** @param most the limit of fully served connections */
    Connections(int most, Handler handler) {
        this.most = most;
        this.handler = handler;
    }

    /**
     * Registers a new connection. The caller must report when it has {@linkplain #closed}.
     *
     * @param from the client address to attach to its requests; empty to attach none
     */
    synchronized Connection opened(Optional<InetSocketAddress> from) {
        Connection connection = new Connection(from.map(RemoteAddress::create));
        alive.add(connection);
        return connection;
    }

    synchronized void closed(Connection connection) {
        alive.remove(connection);
        if (ended != null && alive.isEmpty()) {
            ended.complete(Done.getInstance());
        }
    }

    /**
     * Ends each connection once its request in flight has been answered.
     *
     * @param deadline the time after which remaining requests are cut short
     * @param cutShort the answer to these
     * @return completes when everything has been sent, at the latest shortly after the deadline
     */
    CompletionStage<Done> end(Duration deadline, HttpResponse cutShort, ActorSystem<?> system) {
        List<Connection> all;
        CompletableFuture<Done> over = new CompletableFuture<>();
        synchronized (this) {
            ended = over;
            all = List.copyOf(alive);
        }
        if (all.isEmpty()) {
            over.complete(Done.getInstance());
            return over;
        }
        all.forEach(it -> it.end(Optional.empty()));
        var late = system.scheduler()
                .scheduleOnce(
                        deadline, () -> all.forEach(it -> it.end(Optional.of(cutShort))), system.executionContext());
        var last = system.scheduler()
                .scheduleOnce(
                        deadline.plus(LAST_ANSWERS),
                        () -> over.complete(Done.getInstance()),
                        system.executionContext());
        return over.whenComplete((done, failure) -> {
            late.cancel();
            last.cancel();
        });
    }

    /**
     * Declares that a request is complete enough to be carried out.
     *
     * @throws Problem if its connection has ended before; the client does not see it
     */
    static void begin(HttpRequest request) {
        if (!request.getAttribute(ASKED).map(Connection.Asked::begin).orElse(true)) {
            throw Problem.unavailable("its connection has ended before");
        }
    }

    /** Admits a connection, after making room if possible. Returns the function that serves it; empty to refuse it. */
    private synchronized Optional<Function<HttpRequest, CompletionStage<HttpResponse>>> admit(Connection added) {
        if (open.size() >= most) {
            longestIdle().ifPresent(idle -> {
                open.remove(idle);
                idle.end(Optional.empty());
            });
        }
        if (ended != null || open.size() >= most + SPARE) {
            return Optional.empty();
        }
        open.add(added);
        return Optional.of(open.size() > most ? handler::answerIfUrgent : handler::answer);
    }

    private Optional<Connection> longestIdle() {
        Connection found = null;
        long since = 0;
        for (Connection it : open) {
            long idleSince = it.idleSince;
            if (idleSince != Connection.BUSY && (found == null || idleSince - since < 0)) {
                found = it;
                since = idleSince;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Readmits a connection that was told to end after a request had arrived: it counts until that is answered. */
    private synchronized void keep(Connection connection) {
        open.add(connection);
    }

    private synchronized void forget(Connection connection) {
        open.remove(connection);
    }

    /** One connection. Requests are sequential, since Pekko passes on the next one only after the answer. */
    final class Connection extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
        private static final long BUSY = Long.MIN_VALUE;

        private final Inlet<HttpRequest> in = Inlet.create("requests");
        private final Outlet<HttpResponse> out = Outlet.create("answers");
        private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
        private final Optional<RemoteAddress> from;
        /** By {@link System#nanoTime}; {@link #BUSY} while a request is carried out or a large answer is sent. */
        private volatile long idleSince = System.nanoTime();

        private enum Fate {
            OPEN,
            BEGUN,
            GIVEN_UP
        }

        /** A request. It either begins, or is given up when its connection ends, never both. */
        private final class Asked {
            private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);

            /** Returns false if the request was given up: it must not begin, because the client was told so. */
            boolean begin() {
                if (fate.compareAndSet(Fate.OPEN, Fate.BEGUN)) {
                    idleSince = BUSY;
                }
                return fate.get() == Fate.BEGUN;
            }

            /** Returns false if the request has begun. */
            boolean giveUp() {
                return fate.compareAndSet(Fate.OPEN, Fate.GIVEN_UP);
            }
        }

        private volatile AsyncCallback<Optional<HttpResponse>> toEnd;

        private Connection(Optional<RemoteAddress> from) {
            this.from = from;
        }

        /** Has no effect on a connection that has not started: it checks for itself whether it is admitted. */
        private void end(Optional<HttpResponse> cutShort) {
            AsyncCallback<Optional<HttpResponse>> running = toEnd;
            if (running != null) {
                running.invoke(cutShort);
            }
        }

        @Override
        public FlowShape<HttpRequest, HttpResponse> shape() {
            return shape;
        }

        @Override
        public GraphStageLogic createLogic(Attributes attributes) {
            return new Logic();
        }

        private final class Logic extends GraphStageLogic {
            private final AsyncCallback<HttpResponse> answered = createAsyncCallback(this::answer);
            private Function<HttpRequest, CompletionStage<HttpResponse>> way;
            private boolean ending;
            /** The request that has no answer yet; null if there is none. */
            private Asked asked;

            Logic() {
                super(shape);
                toEnd = createAsyncCallback(this::end);
                setHandler(in, new AbstractInHandler() {
                    @Override
                    public void onPush() {
                        request(grab(in));
                    }

                    @Override
                    public void onUpstreamFinish() {
                        // A request whose body failed is still answered.
                        ending = true;
                        if (asked == null && idleSince != BUSY) {
                            completeStage();
                        }
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        // The last answer has been sent.
                        idleSince = System.nanoTime();
                        if (ending) {
                            completeStage();
                        } else {
                            pull(in);
                        }
                    }
                });
            }

            @Override
            public void preStart() {
                admit(Connection.this).ifPresentOrElse(it -> way = it, this::completeStage);
            }

            /** @param cutShort the answer to a request in flight; empty to wait for its own */
            private void end(Optional<HttpResponse> cutShort) {
                ending = true;
                if (asked != null && cutShort.isPresent()) {
                    answer(cutShort.get());
                } else if (asked != null) {
                    giveUp();
                } else if (idleSince != BUSY) {
                    completeStage();
                }
            }

            /** Gives up the request if it has not begun; otherwise it will be answered. */
            private void giveUp() {
                if (asked.giveUp()) {
                    answer(Problem.unavailable("other clients needed this connection; the request has not been begun")
                            .response());
                } else {
                    keep(Connection.this);
                }
            }

            private void request(HttpRequest request) {
                asked = new Asked();
                CompletableFuture<HttpResponse> answer =
                        way.apply(tracked(request)).toCompletableFuture();
                if (answer.isDone()) {
                    answer(answer.join());
                } else {
                    answer.thenAccept(answered::invoke);
                }
            }

            private HttpRequest tracked(HttpRequest request) {
                HttpRequest known = from.map(it -> request.addAttribute(AttributeKeys.remoteAddress, it))
                        .orElse(request)
                        .addAttribute(ASKED, asked);
                if (!request.entity().isStrict()) {
                    idleSince = System.nanoTime();
                }
                return known;
            }

            private void answer(HttpResponse answer) {
                if (asked == null) {
                    return; // already cut short
                }
                asked = null;
                if (answer.entity() instanceof HttpEntity.Strict) {
                    // Whether or not the client receives it.
                    idleSince = System.nanoTime();
                }
                push(out, answer);
                if (ending) {
                    completeStage();
                }
            }

            @Override
            public void postStop() {
                forget(Connection.this);
            }
        }
    }
}
