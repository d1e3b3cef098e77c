package io.orrery.http;

import java.util.function.LongSupplier;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * What comes on a connection, in small pieces, and no head of a request that is too large as a whole. Pekko bounds each
 * header, and parses all requests of one piece by recursion: a few hundred small ones would overflow the stack of its thread,
 * which ends the process.
 */
final class HeadLimit extends GraphStage<BidiShape<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound>> {
    /** Of the smallest requests there are eighty in so many bytes. */
    private static final int PIECE = 2 << 10;

    private final Inlet<SslTlsOutbound> answers = Inlet.create("answers");
    private final Outlet<SslTlsOutbound> sent = Outlet.create("sent");
    private final Inlet<SslTlsInbound> come = Inlet.create("come");
    private final Outlet<SslTlsInbound> pieces = Outlet.create("pieces");
    private final BidiShape<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound> shape =
            BidiShape.of(answers, sent, come, pieces);
    private final LongSupplier awaited;
    private final int most;

    /**
     * @param awaited the number of the request whose head comes now; below 0 where something else comes
     * @param most the size of a head, in bytes
     */
    HeadLimit(LongSupplier awaited, int most) {
        this.awaited = awaited;
        this.most = most;
    }

    @Override
    public BidiShape<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private SessionBytes rest;
        private long last;
        private int head;

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
                }
            });
            setHandler(sent, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!isClosed(answers) && !hasBeenPulled(answers)) {
                        pull(answers);
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(answers, cause);
                }
            });
            setHandler(come, new AbstractInHandler() {
                @Override
                public void onPush() {
                    SslTlsInbound next = grab(come);
                    if (next instanceof SessionBytes bytes) {
                        rest = bytes;
                        pass();
                    } else {
                        push(pieces, next);
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    if (rest == null) {
                        complete(pieces);
                    }
                }
            });
            setHandler(pieces, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (rest != null) {
                        pass();
                    } else if (!isClosed(come)) {
                        pull(come);
                    }
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    rest = null;
                    cancel(come, cause);
                }
            });
        }

        private void pass() {
            SessionBytes now = rest;
            int size = now.bytes().size();
            SessionBytes piece = now;
            if (size > PIECE) {
                piece = new SessionBytes(now.session(), now.bytes().take(PIECE));
                rest = new SessionBytes(now.session(), now.bytes().drop(PIECE));
            } else {
                rest = null;
            }
            long request = awaited.getAsLong();
            head = request < 0 ? 0 : piece.bytes().size() + (request == last ? head : 0);
            last = request;
            if (head > most + PIECE) {
                refuse();
                return;
            }
            push(pieces, piece);
            if (rest == null && isClosed(come)) {
                complete(pieces);
            }
        }

        /** There is no request yet that could be answered in the usual way. */
        private void refuse() {
            HttpResponse problem = Problem.of(
                            StatusCodes.REQUEST_HEADER_FIELDS_TOO_LARGE,
                            "the head of a request has at most " + most + " bytes in all")
                    .response();
            ByteString document = ((HttpEntity.Strict) problem.entity()).getData();
            rest = null;
            cancel(answers);
            emit(
                    sent,
                    new SendBytes(ByteString.fromString("HTTP/1.1 431 Request Header Fields Too Large\r\n"
                                    + "Content-Type: application/problem+json\r\nConnection: close\r\nContent-Length: "
                                    + document.size() + "\r\n\r\n")
                            .concat(document)),
                    () -> completeStage());
        }
    }
}
