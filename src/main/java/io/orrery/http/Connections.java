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
 * The connections of clients to one replica.
 *
 * <p>Where there are too many, the one that has been idle for longest ends, that is, nothing has been begun for it: it may be
 * kept for later, or its client sends a head or a body without end. Where none is idle, a further one is one of the {@value #SPARE} spare
 * ones: it is served where the handler says that a request is urgent. What comes beyond ends at once.
 */
final class Connections {
    /** Connections beyond those that are served in full. */
    static final int SPARE = 16;

    /** The time for the last answers after the deadline of shutdown. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private static final AttributeKey<Connection.Asked> ASKED = AttributeKey.create("asked", Connection.Asked.class);

    private final int most;
    private final Handler handler;
    /** Those that have not been told to end. Guarded by this. */
    private final Set<Connection> open = new HashSet<>();
    /** Those of which not all has been sent. Guarded by this. */
    private final Set<Connection> alive = new HashSet<>();
    /** Completed when all is over; null before the end. Guarded by this. */
    private CompletableFuture<Done> ended;

    /** Answers requests. It does nothing for a request before it has {@linkplain #begin begun} it. */
    interface Handler {
        /** Completed normally in every case. */
        CompletionStage<HttpResponse> answer(HttpRequest request);

        /** Answers a request on a spare connection, whose answer is the last. */
        CompletionStage<HttpResponse> answerIfUrgent(HttpRequest request);
    }

    /** @param most connections that are served in full */
    Connections(int most, Handler handler) {
        this.most = most;
        this.handler = handler;
    }

    /**
     * A connection has come. It must be told when it has {@linkplain #closed}.
     *
     * @param from where its requests shall say that they come from; empty where nobody wants to know
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
     * Ends all connections: each when the request that is under way on it is answered.
     *
     * @param deadline after which the others are told that this does not wait for them
     * @param cutShort what they are told
     * @return completed when all has been sent, and soon after the deadline in any case
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
     * A request is complete, as far as it matters, and about to be carried out.
     *
     * @throws Problem where its connection has ended before; nobody sees it
     */
    static void begin(HttpRequest request) {
        if (!request.getAttribute(ASKED).map(Connection.Asked::begin).orElse(true)) {
            throw Problem.unavailable("its connection has ended before");
        }
    }

    /** Makes room for one more where it can. Returns the way in which the new one is served; empty where it is not. */
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

    /** It was told to end and has had a request before that, so it takes its place until that is answered. */
    private synchronized void keep(Connection connection) {
        open.add(connection);
    }

    private synchronized void forget(Connection connection) {
        open.remove(connection);
    }

    /** One connection: its requests come one after the other, as Pekko does not pass on the next before the answer. */
    final class Connection extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
        private static final long BUSY = Long.MIN_VALUE;

        private final Inlet<HttpRequest> in = Inlet.create("requests");
        private final Outlet<HttpResponse> out = Outlet.create("answers");
        private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
        private final Optional<RemoteAddress> from;
        /** By the clock of this JVM; {@link #BUSY} while a request that has come is carried out, or a large answer goes. */
        private volatile long idleSince = System.nanoTime();

        private enum Fate {
            OPEN,
            BEGUN,
            GIVEN_UP
        }

        /** A request. It is begun, or given up when its connection ends: the one that comes first excludes the other. */
        private final class Asked {
            private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);

            /** Returns false if the client was told that nothing was begun; then nothing may begin. */
            boolean begin() {
                if (fate.compareAndSet(Fate.OPEN, Fate.BEGUN)) {
                    idleSince = BUSY;
                }
                return fate.get() == Fate.BEGUN;
            }

            /** Returns false where it has been begun. */
            boolean giveUp() {
                return fate.compareAndSet(Fate.OPEN, Fate.GIVEN_UP);
            }
        }

        private volatile AsyncCallback<Optional<HttpResponse>> toEnd;

        private Connection(Optional<RemoteAddress> from) {
            this.from = from;
        }

        /** Has no effect on one that does not run yet: it finds out by itself whether it is let in. */
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
            /** The request that has no answer yet; null while there is none. */
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
                        // A request whose body has come to no good end is still answered.
                        ending = true;
                        if (asked == null && idleSince != BUSY) {
                            completeStage();
                        }
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        // The last answer has gone, to its end.
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

            /** @param cutShort the answer to a request that is still under way; empty where its own is waited for */
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

            /** Where its request has not been begun; else it is answered. */
            private void giveUp() {
                if (asked.giveUp()) {
                    answer(Problem.unavailable("others needed this connection, and nothing has been begun")
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
                    return; // It was cut short before.
                }
                asked = null;
                if (answer.entity() instanceof HttpEntity.Strict) {
                    // Whether its client takes it or not.
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
