package io.orrery.http;

import java.util.Optional;
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
 * Splits the input of a connection into requests and passes on each head as a whole. A head that {@link RequestFraming}
 * rejects is refused after all earlier requests have been answered, and the connection ends. Pekko parses all requests
 * of one piece recursively: a few hundred small ones would overflow the stack of its thread, which ends the process.
 */
final class HeadGuard extends GraphStage<BidiShape<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound>> {
    private final Inlet<SslTlsOutbound> answers = Inlet.create("answers");
    private final Outlet<SslTlsOutbound> sent = Outlet.create("sent");
    private final Inlet<SslTlsInbound> come = Inlet.create("come");
    private final Outlet<SslTlsInbound> pieces = Outlet.create("pieces");
    private final BidiShape<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound> shape =
            BidiShape.of(answers, sent, come, pieces);
    private final int mostInHead;
    private final int mostInHeader;

    /**
     * @param mostInHead the maximum size of a head in bytes
     * @param mostInHeader the maximum size of a header's value in bytes
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
        /** Input that has not been passed on, from index {@link #at}; null if there is none. */
        private byte[] rest;

        private int at;
        private SSLSession session;
        /** An incomplete head. */
        private ByteString head = ByteString.emptyByteString();

        /** Sent once all earlier requests have been answered. */
        private Optional<ByteString> refusal = Optional.empty();

        private boolean hasEnded;

        Logic() {
            super(shape);
            setHandler(answers, new AbstractInHandler() {
                @Override
                public void onPush() {
                    push(sent, grab(answers));
                }

                @Override
                public void onUpstreamFinish() {
                    if (refusal.isPresent()) {
                        emit(sent, new SendBytes(refusal.get()), () -> completeStage());
                    } else if (hasEnded) {
                        completeStage();
                    } else {
                        complete(sent);
                    }
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
            int end = framing.scan(rest, at, rest.length);
            ByteString part = ByteString.fromArrayUnsafe(rest, at, end - at);
            at = end;
            if (at == rest.length) {
                rest = null;
            }
            if (framing.problem() != null) {
                refusal = Optional.of(refusal(framing.problem().response()));
                end();
            } else if (framing.isCut()) {
                // Passes on the valid part, so that the body ends too soon and its reader reports that.
                ByteString good = head.concat(part.dropRight(1));
                if (!good.isEmpty()) {
                    push(pieces, new SessionBytes(session, good));
                }
                end();
            } else if (framing.isInHead() || part.isEmpty()) {
                // A head that arrives byte by byte must use no more memory than its bytes, hence compact().
                head = head.concat(part).compact();
                if (isClosed(come)) {
                    complete(pieces);
                } else {
                    pull(come);
                }
            } else {
                push(pieces, new SessionBytes(session, head.concat(part)));
                head = ByteString.emptyByteString();
                if (rest == null && isClosed(come)) {
                    complete(pieces);
                }
            }
        }

        /** Reads no more. Earlier requests are answered before the connection ends. */
        private void end() {
            rest = null;
            hasEnded = true;
            complete(pieces);
        }

        /** Renders the refusal by hand, since there is no request to answer. */
        private ByteString refusal(HttpResponse problem) {
            ByteString document = ((HttpEntity.Strict) problem.entity()).getData();
            return ByteString.fromString("HTTP/1.1 " + problem.status().intValue() + " "
                            + problem.status().reason()
                            + "\r\nContent-Type: application/problem+json\r\nConnection: close\r\nContent-Length: "
                            + document.size() + "\r\n\r\n")
                    .concat(document);
        }
    }
}
