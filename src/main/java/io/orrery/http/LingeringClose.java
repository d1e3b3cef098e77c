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
import org.apache.pekko.util.ByteString;

/**
 * Closes a connection whose client may still be sending. This side has sent all answers and closed its output. It reads
 * and discards the input until the client closes its side, falls silent, or its time is over. Otherwise the system
 * would reset the connection because of unread input, and the client might lose the last answer (RFC 9112, section
 * 9.6).
 *
 * <p>It must be next to the socket, which must allow half-closed connections. Under TLS it has no effect: Pekko's TLS
 * itself waits for the client to close its side, and fails if data arrive instead.
 */
final class LingeringClose extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    /** The maximum number of silence intervals. */
    private static final int LONGEST = 5;

    private final Inlet<ByteString> answers = Inlet.create("answers");
    private final Outlet<ByteString> sent = Outlet.create("sent");
    private final Inlet<ByteString> come = Inlet.create("come");
    private final Outlet<ByteString> passed = Outlet.create("passed");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            BidiShape.of(answers, sent, come, passed);
    private final Semaphore room;

    /** @param room how many connections may linger at a time; further ones are closed at once */
    LingeringClose(Semaphore room) {
        this.room = room;
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
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
            lingers = !isClosed(come) && room.tryAcquire();
            if (lingers) {
                throwAway();
                silent = true;
                scheduleAtFixedRate("silence", SILENCE, SILENCE);
            } else {
                completeStage();
            }
        }

        private void throwAway() {
            if (!isClosed(come) && !hasBeenPulled(come)) {
                pull(come);
            }
        }

        @Override
        public void onTimer(Object key) {
            times++;
            if (silent || times == LONGEST) {
                completeStage();
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
