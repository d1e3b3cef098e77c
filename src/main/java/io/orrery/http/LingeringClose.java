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
 * The end of a connection whose client may still be sending. All answers have gone then, and this side of the connection is closed;
 * what comes is read and thrown away, until the client closes its side, is silent, or has had its time. A system that closes a
 * socket with input that nobody has read resets the connection, and the client may lose the last answer (RFC 9112, section 9.6).
 *
 * <p>It stands next to the transport, which must allow its two sides to be closed one after the other, as a socket does, and TLS:
 * this tells the client of the end, and goes on to read, by itself for ever where the client does not end too.
 *
 * @param <A> a part of the answers
 * @param <R> a part of what comes
 */
final class LingeringClose<A, R> extends GraphStage<BidiShape<A, A, R, R>> {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    /** Of so much silence each. */
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
     * @param room how many more connections may end in this way; what comes beyond is closed at once
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
