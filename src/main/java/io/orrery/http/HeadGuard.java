package io.orrery.http;

import javax.net.ssl.SSLSession;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
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
 * What comes on a connection, in small pieces, and no head of a request that {@link RequestFraming} does not take: it is
 * refused, and the connection ends. Pekko parses all requests of one piece by recursion: a few hundred small ones would overflow
 * the stack of its thread, which ends the process.
 */
final class HeadGuard extends GraphStage<BidiShape<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound>> {
    /** Of the smallest requests there are eighty in so many bytes. */
    private static final int PIECE = 2 << 10;

    private final Inlet<SslTlsOutbound> answers = Inlet.create("answers");
    private final Outlet<SslTlsOutbound> sent = Outlet.create("sent");
    private final Inlet<SslTlsInbound> come = Inlet.create("come");
    private final Outlet<SslTlsInbound> pieces = Outlet.create("pieces");
    private final BidiShape<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound> shape =
            BidiShape.of(answers, sent, come, pieces);
    private final int mostInHead;
    private final int mostInHeader;

    /**
     * @param mostInHead bytes of a head in all
     * @param mostInHeader bytes of the value of a header
     */
    HeadGuard(int mostInHead, int mostInHeader) {
        this.mostInHead = mostInHead;
        this.mostInHeader = mostInHeader;
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
        private final RequestFraming framing = new RequestFraming(mostInHead, mostInHeader);
        /** What has come and was not passed on: from this index; null where there is nothing. */
        private byte[] rest;

        private int at;
        private SSLSession session;

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
                        rest = bytes.bytes().toArrayUnsafe();
                        at = 0;
                        session = bytes.session();
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
            at += framing.between(rest, at);
            if (at == rest.length) {
                rest = null;
                next();
                return;
            }
            int end = framing.problem() == null && !framing.isCut()
                    ? framing.scan(rest, at, Math.min(at + PIECE, rest.length))
                    : at;
            if (end > at) {
                push(pieces, new SessionBytes(session, ByteString.fromArrayUnsafe(rest, at, end - at)));
                at = end;
                if (at == rest.length) {
                    rest = null;
                    if (isClosed(come)) {
                        complete(pieces);
                    }
                }
            } else if (framing.problem() != null) {
                // All requests before are answered: else nobody would ask for more.
                refuse(framing.problem().response());
            } else {
                // The body ends too soon, and whoever reads it says so.
                rest = null;
                complete(pieces);
                cancel(come);
            }
        }

        private void next() {
            if (isClosed(come)) {
                complete(pieces);
            } else {
                pull(come);
            }
        }

        /** There is no request yet that could be answered in the usual way. */
        private void refuse(HttpResponse problem) {
            ByteString document = ((HttpEntity.Strict) problem.entity()).getData();
            rest = null;
            cancel(answers);
            emit(
                    sent,
                    new SendBytes(
                            ByteString.fromString("HTTP/1.1 " + problem.status().intValue() + " "
                                            + problem.status().reason()
                                            + "\r\nContent-Type: application/problem+json\r\nConnection: close\r\nContent-Length: "
                                            + document.size() + "\r\n\r\n")
                                    .concat(document)),
                    () -> completeStage());
        }
    }
}
