package io.orrery.http;

import io.orrery.client.Headers;
import io.orrery.history.HistoryWriter;
import io.orrery.history.Recorder;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the HTTP operations of clients in a file, event by event, each flushed at once. The invocation is recorded
 * before the replica is asked, and the completion before the answer is sent. Thread-safe.
 *
 * <p>Session guarantees and causal models concern processes, so requests must be assigned to clients:
 * <ul>
 *   <li>A request with the header {@value Headers#CLIENT} is of the client that it names, whichever replica it asks.
 *   <li>Others are of the client of their connection, as long as each brings back the session token that the last
 *     answer gave (or there is none). One that does not goes on from somewhere else, as does one after half a minute of
 *     silence, when the connection may be another: it counts as a new client. To take one client for two is safe, as
 *     less is claimed then; to take two for one could find violations that never were.
 * </ul>
 * Of more than {@value #MOST_CLIENTS} clients the one that has been silent for longest is forgotten; when it comes
 * again, it counts as a new one. A client that asks for a second thing before the first has returned counts as two, and
 * one whose operation ended unknown goes on under a further name: see {@link Recorder}.
 */
final class HistoryLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryLog.class);
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._-]{1,64}");
    /** Clients that are told apart, with a name, and as many without: who has been silent for longest is forgotten. */
    static final int MOST_CLIENTS = 1_000;

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final HistoryWriter writer;
    private final Recorder recorder;
    private final long began = System.nanoTime();
    /** The one that has been silent for longest first. */
    private final Map<String, Recorder.Client> named = new LinkedHashMap<>(16, 0.75f, true);
    /** By the connection; the one that has been silent for longest first. */
    private final Map<String, Anonymous> anonymous = new LinkedHashMap<>(16, 0.75f, true);

    private long anonymousCount;
    private boolean closed;

    /** A client that has no name. */
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

        /** @param asked null when nothing is written any more */
        private Open(Recorder.Asked asked, Anonymous client) {
            this.asked = asked;
            this.client = client;
        }

        /** The operation returns: to be called before the client can know. */
        void returns(Outcome outcome) {
            synchronized (HistoryLog.this) {
                if (client != null && !outcome.session().isEmpty()) {
                    client.token = outcome.session();
                }
                write(() -> asked.returns(now(), outcome));
            }
        }
    }

    /** @throws UncheckedIOException when the file cannot be written, or is in use; what was in it before is gone else */
    HistoryLog(Path file) {
        writer = HistoryWriter.jsonLines(file);
        recorder = new Recorder(writer::append);
    }

    /**
     * A client asks a replica: to be called before the replica is.
     *
     * @throws Problem 400 when the client has a name that cannot be one
     */
    Open asks(RequestContext requestContext, String session, NodeId via, Operation operation) {
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
            return new Open(asked[0], unnamed);
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
            // No client that names itself has a space in its name.
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
