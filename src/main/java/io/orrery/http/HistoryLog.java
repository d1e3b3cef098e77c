package io.orrery.http;

import io.orrery.client.Headers;
import io.orrery.history.HistoryWriter;
import io.orrery.history.Recorder;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the HTTP operations of clients in a file, event by event, each flushed at once. An invocation is recorded
 * before the replica receives it, a completion before the answer is sent. Thread-safe.
 *
 * <p>Session guarantees and causal models concern processes, so requests must be assigned to clients:
 *
 * <ul>
 *   <li>A request with the header {@value Headers#CLIENT} belongs to the client that it names, at any replica.
 *   <li>Other requests belong to the client of their connection, as long as each carries the session token of the
 *       previous answer (if there was one). A request with another token, or after half a minute of silence, when the
 *       connection may be another, counts as that of a new client. Taking one client for two is safe, because it only
 *       weakens the guarantees to check; taking two for one could produce false violations.
 * </ul>
 *
 * <p>Beyond {@value #MOST_CLIENTS} clients the one that has been silent for longest is forgotten; if it returns, it
 * counts as new. A client with two concurrent operations counts as two, and one whose operation ended unknown continues
 * under another name: see {@link Recorder}.
 */
final class HistoryLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryLog.class);
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._-]{1,64}");
    /** The maximum number of named clients, and of anonymous ones, before the one silent for longest is forgotten. */
    static final int MOST_CLIENTS = 1_000;

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final HistoryWriter writer;
    private final Recorder recorder;
    private final long began = System.nanoTime();
    /** The client silent for longest comes first. */
    private final Map<String, Recorder.Client> named = new LinkedHashMap<>(16, 0.75f, true);
    /** By connection; the client silent for longest comes first. */
    private final Map<String, Anonymous> anonymous = new LinkedHashMap<>(16, 0.75f, true);

    private long anonymousCount;
    private boolean closed;

    /** A client without a name. */
    private static final class Anonymous {
        private final Recorder.Client client;
        private String token;
        private long lastAsked;

        Anonymous(Recorder.Client client, String token) {
            this.client = client;
            this.token = token;
        }
    }

    /** An operation that has not returned. */
    final class Open {
        private final Recorder.Asked asked;
        private final Anonymous client;
        private final boolean hasId;

        /** @param asked null if recording has ended */
        private Open(Recorder.Asked asked, Anonymous client, boolean hasId) {
            this.asked = asked;
            this.client = client;
            this.hasId = hasId;
        }

        /** Records the completion; call it before the client can know. */
        void returns(Outcome outcome) {
            synchronized (HistoryLog.this) {
                if (client != null && !outcome.session().isEmpty()) {
                    client.token = outcome.session();
                }
                write(() -> asked.returns(now(), hasId ? nowOrBefore(outcome) : outcome));
            }
        }
    }

    /**
     * What the history can say of a request with an id, which an earlier one may have done: then its effect, and what it found, may be
     * older than this request.
     */
    private static Outcome nowOrBefore(Outcome outcome) {
        boolean isPerhapsOld = outcome instanceof Outcome.Mismatch
                || outcome instanceof Outcome.Done done && done.status() == Outcome.Status.REPEATED;
        return isPerhapsOld ? new Outcome.Unknown("a request with this id may have ended before") : outcome;
    }

    /** @throws UncheckedIOException if the file cannot be written or is in use; otherwise its old contents are gone */
    HistoryLog(Path file) {
        writer = HistoryWriter.jsonLines(file);
        recorder = new Recorder(writer::append);
    }

    /**
     * Records an invocation; call it before the replica receives it.
     *
     * @param id of the client's own, if it gave one
     * @throws Problem 400 if the client's name is invalid
     */
    Open asks(RequestContext requestContext, String session, NodeId via, Operation operation, Optional<RequestId> id) {
        String name = requestContext.header(Headers.CLIENT, "");
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            throw Problem.badRequest(Headers.CLIENT
                    + " is a name of up to 64 letters, digits, dots, dashes and underscores, not \"" + name + "\"");
        }
        synchronized (this) {
            Anonymous unnamed = name.isEmpty() ? anonymous(via + " " + connection(requestContext), session) : null;
            Recorder.Client client = unnamed == null ? named(name) : unnamed.client;
            Recorder.Asked[] asked = new Recorder.Asked[1];
            write(() -> asked[0] = client.asks(now(), via, operation));
            return new Open(asked[0], unnamed, id.isPresent());
        }
    }

    private Recorder.Client named(String name) {
        Recorder.Client client = named.computeIfAbsent(name, recorder::client);
        if (named.size() > MOST_CLIENTS) {
            Iterator<Recorder.Client> silent = named.values().iterator();
            recorder.forget(silent.next());
            silent.remove();
        }
        return client;
    }

    private static String connection(RequestContext requestContext) {
        return requestContext
                .request()
                .getAttribute(AttributeKeys.remoteAddress)
                .map(remote -> remote.getAddress() + ":" + remote.getPort())
                .orElse("");
    }

    private Anonymous anonymous(String connection, String session) {
        long now = System.nanoTime();
        Iterator<Anonymous> silent = anonymous.values().iterator();
        while (silent.hasNext()
                && (now - silent.next().lastAsked > SILENCE_NANOS || anonymous.size() >= MOST_CLIENTS)) {
            silent.remove();
        }
        Anonymous known = anonymous.get(connection);
        if (known == null || !known.token.equals(session)) {
            // The space keeps it apart from names that clients give themselves.
            known = new Anonymous(recorder.client("http " + ++anonymousCount), session);
            anonymous.put(connection, known);
        }
        known.lastAsked = now;
        return known;
    }

    private long now() {
        return System.nanoTime() - began;
    }

    /** If the disk fails, the history ends; what was recorded before is still valid. */
    private void write(Runnable event) {
        if (closed) {
            return;
        }
        try {
            event.run();
            writer.flush();
        } catch (UncheckedIOException e) {
            closed = true;
            LOG.error("The history cannot be written any more, and ends here", e);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            writer.close();
        }
    }
}
