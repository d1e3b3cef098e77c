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
 * The end of a connection whose client may still be sending. All answers have gone then, and this side of the connection is closed;
 * what comes is read and thrown away, until the client closes its side, is silent, or has had its time. A system that closes a
 * socket with input that nobody has read resets the connection, and the client may lose the last answer (RFC 9112, section 9.6).
 *
 * <p>It stands next to the socket, which must allow its two sides to be closed one after the other. Where TLS is above it, it
 * comes too late: Pekko's TLS waits by itself for the client to close its side, and fails where data come instead.
 */
final class LingeringClose extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    /** Of so much silence each. */
    private static final int LONGEST = 5;

    private final Inlet<ByteString> answers = Inlet.create("answers");
    private final Outlet<ByteString> sent = Outlet.create("sent");
    private final Inlet<ByteString> come = Inlet.create("come");
    private final Outlet<ByteString> passed = Outlet.create("passed");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            BidiShape.of(answers, sent, come, passed);
    private final Semaphore room;

    /** @param room how many more connections may end in this way; what comes beyond is closed at once */
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
