package io.orrery.http;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
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
 * The connections of clients to one replica: so many and a few more, and each a chain of requests and answers.
 *
 * <p>Where there are too many, the one that has been idle for longest ends, that is, has no request under way: it may be kept
 * for later, or its client sends a head without end. Where none is idle, a further one is one of the {@value #SPARE} spare
 * ones: it is served where the handler says that a request goes ahead of all others. What comes beyond ends at once.
 */
final class Connections extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
    /** Connections beyond those that are served in full. */
    static final int SPARE = 16;

    private final Inlet<HttpRequest> in = Inlet.create("requests");
    private final Outlet<HttpResponse> out = Outlet.create("answers");
    private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
    private final int most;
    private final Handler handler;
    /** Those that have not been told to end. Guarded by itself. */
    private final Set<Connection> open = new HashSet<>();

    /** What answers requests. */
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

    @Override
    public FlowShape<HttpRequest, HttpResponse> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Connection();
    }

    /** Makes room for one more where it can. Returns the way in which the new one is served; empty where it is not. */
    private Optional<Function<HttpRequest, CompletionStage<HttpResponse>>> admit(Connection added) {
        synchronized (open) {
            if (open.size() >= most) {
                longestIdle().ifPresent(idle -> {
                    open.remove(idle);
                    idle.end.invoke(true);
                });
            }
            if (open.size() >= most + SPARE) {
                return Optional.empty();
            }
            open.add(added);
            return Optional.of(open.size() > most ? handler::answerIfUrgent : handler::answer);
        }
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

    /** One connection: its requests come one after the other, as Pekko does not pass on the next before the answer. */
    private final class Connection extends GraphStageLogic {
        private static final long BUSY = Long.MIN_VALUE;

        private final AsyncCallback<HttpResponse> answered = createAsyncCallback(this::answer);
        private final AsyncCallback<Boolean> end = createAsyncCallback(ignored -> endWhenAnswered());
        private Function<HttpRequest, CompletionStage<HttpResponse>> way;
        private boolean ending;
        /** By the clock of this JVM; {@link #BUSY} while a request is under way, or a large answer. */
        private volatile long idleSince = System.nanoTime();

        Connection() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    request(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    endWhenAnswered();
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
            admit(this).ifPresentOrElse(it -> way = it, this::completeStage);
        }

        private void endWhenAnswered() {
            ending = true;
            if (idleSince != BUSY) {
                completeStage();
            }
        }

        private void request(HttpRequest request) {
            idleSince = BUSY;
            CompletableFuture<HttpResponse> answer = way.apply(request).toCompletableFuture();
            if (answer.isDone()) {
                answer(answer.join());
            } else {
                answer.thenAccept(answered::invoke);
            }
        }

        private void answer(HttpResponse answer) {
            if (answer.entity() instanceof HttpEntity.Strict) {
                // Whether its client takes it or not.
                idleSince = System.nanoTime();
            }
            push(out, answer);
            if (ending) {
                complete(out);
            }
        }

        @Override
        public void postStop() {
            synchronized (open) {
                open.remove(this);
            }
        }
    }
}
