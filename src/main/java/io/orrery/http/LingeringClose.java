package io.orrery.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Closes a connection whose client may still be sending. This side has sent all answers and closed its output. It reads
 * and discards the input until the client closes its side, falls silent, or its time is over. Otherwise the system
 * would reset the connection because of unread input, and the client might lose the last answer (RFC 9112, section
 * 9.6).
 *
 * <p>It must be next to the transport, whose two sides must close one after the other, as those of a socket do, and of TLS:
 * TLS tells the client of the end and goes on reading, by itself for ever if the client does not end too.
 *
 * @param <A> a part of the answers
 * @param <R> a part of what comes
 */
final class LingeringClose<A, R> extends GraphStage<BidiShape<A, A, R, R>> {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    /** The maximum number of silence intervals. */
    private static final int LONGEST = 5;
    /** For TLS to pass on the last answer where there is no room to linger. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final Inlet<A> answers = Inlet.create("answers");
    private final Outlet<A> sent = Outlet.create("sent");
    private final Inlet<R> come = Inlet.create("come");
    private final Outlet<R> passed = Outlet.create("passed");
    private final BidiShape<A, A, R, R> shape = BidiShape.of(answers, sent, come, passed);
    private final Semaphore room;
    private final Runnable cut;

    /**
     * @param room how many connections may linger at a time; further ones are closed at once
     * @param cut closes the socket
     */
    LingeringClose(Semaphore room, Runnable cut) {
        this.room = room;
        this.cut = cut;
    }

    @Override
    public BidiShape<A, A, R, R> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private boolean lingers;
        private boolean silent;
        private int times;

        Logic() {
            super(shape);
            setHandler(answers, new AbstractInHandler() {
                @Override
                public void onPush() {
                    push(sent, grab(answers));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(sent);
                    linger();
                }
            });
            setHandler(sent, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(answers);
                }
            });
            setHandler(come, new AbstractInHandler() {
                @Override
                public void onPush() {
                    if (isClosed(passed)) {
                        grab(come);
                        silent = false;
                        pull(come);
                    } else {
                        push(passed, grab(come));
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    complete(passed);
                }
            });
            setHandler(passed, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(come);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    throwAway();
                }
            });
        }

        private void linger() {
            complete(passed);
            if (isClosed(come)) {
                completeStage();
                return;
            }
            lingers = room.tryAcquire();
            throwAway();
            silent = true;
            scheduleAtFixedRate("silence", lingers ? SILENCE : SHORTEST, SILENCE);
        }

        private void throwAway() {
            if (!isClosed(come) && !hasBeenPulled(come)) {
                pull(come);
            }
        }

        @Override
        public void onTimer(Object key) {
            times++;
            if (silent || !lingers || times == LONGEST) {
                completeStage();
                cut.run();
            }
            silent = true;
        }

        @Override
        public void postStop() {
            if (lingers) {
                room.release();
            }
        }
    }
}
