package io.orrery.http;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the bytes in flight between one replica and its clients, over all connections: request bodies until they are
 * answered, and large answers until clients have received them. The two have separate budgets, so slow readers do not
 * block writers. For use from any thread.
 */
final class InFlightBudget {
    private static final Logger LOG = LoggerFactory.getLogger(InFlightBudget.class);
    /** Smaller answers are not counted: a connection has at most one. */
    static final int SMALL = 64 << 10;

    /** Smaller bodies are not counted: small writes are accepted whatever large ones are in flight. */
    static final int SMALL_BODY = 16 << 10;

    private final Room requests;
    private final Room answers;
    private final ActorSystem<?> system;
    private final Duration patience;

    /**
     * @param most the limit for bodies in bytes, and that for answers
     * @param patience the time after which an answer that nobody has begun to receive is given up, and the time within
     *     which a client must receive each part of an answer
     */
    InFlightBudget(NodeId replica, long most, ActorSystem<?> system, Duration patience) {
        this.requests = new Room("the requests under way at replica " + replica + " are too large together", most);
        this.answers = new Room("the answers under way at replica " + replica + " are too large together", most);
        this.system = system;
        this.patience = patience;
    }

    /** The bytes of bodies that are arriving or whose requests have no answer yet. */
    long requests() {
        return requests.bytes.get();
    }

    /** The bytes of large answers being sent. */
    long answers() {
        return answers.bytes.get();
    }

    /** @throws Problem 503 if the budget is exhausted; a single share may exceed the whole budget */
    Share request(long size) {
        return size <= SMALL_BODY
                ? new Share(new AtomicLong(), 0)
                : requests.take(size).orElseThrow(requests::isFull);
    }

    /** @throws Problem as for a request */
    Share answer(long size) {
        return answers.take(size).orElseThrow(answers::isFull);
    }

    /** Like {@link #answer}, for an operation that is done and cannot be refused; empty if the budget is exhausted. */
    Optional<Share> answerIfRoom(long size) {
        return answers.take(size);
    }

    /** The share of an answer with the whole store, which is made in parts but holds a snapshot. */
    Share wholeStore() {
        return answer(answers.most / 8);
    }

    /** Gives a large answer a share of its own. */
    HttpResponse counted(HttpResponse answer) {
        return answer.entity() instanceof HttpEntity.Strict strict
                        && strict.getData().size() > SMALL
                ? answer(strict.getData().size()).releasedAfter(answer)
                : answer;
    }

    /** A budget of bytes. */
    private final class Room {
        private final String full;
        private final long most;
        private final AtomicLong bytes = new AtomicLong();

        Room(String full, long most) {
            this.full = full;
            this.most = most;
        }

        Problem isFull() {
            return Problem.unavailable(full);
        }

        Optional<Share> take(long size) {
            if (bytes.getAndAdd(size) >= most) {
                bytes.addAndGet(-size);
                return Optional.empty();
            }
            return Optional.of(new Share(bytes, size));
        }
    }

    /** The share of one request or answer. It must be released however the request ends. */
    final class Share {
        private final AtomicLong all;
        private final AtomicLong size;

        private Share(AtomicLong all, long size) {
            this.all = all;
            this.size = new AtomicLong(size);
        }

        /** Adjusts the share to the actual size. */
        void resize(long now) {
            all.addAndGet(now - size.getAndSet(now));
        }

        /** Releases the share. Idempotent. */
        void release() {
            resize(0);
        }

        /** The same answer, with the share released once the client has received it or is gone. */
        HttpResponse releasedAfter(HttpResponse answer) {
            HttpEntity entity = answer.entity();
            if (entity instanceof HttpEntity.Strict strict) {
                return releasedAfter(answer, strict.getData());
            }
            return answer.withEntity(
                    entity.getContentLengthOption().isPresent()
                            ? HttpEntities.create(
                                    entity.getContentType(),
                                    entity.getContentLengthOption().getAsLong(),
                                    released(entity.getDataBytes()))
                            : HttpEntities.createChunked(entity.getContentType(), released(entity.getDataBytes())));
        }

        private HttpResponse releasedAfter(HttpResponse answer, ByteString data) {
            if (data.size() <= SMALL) {
                release();
                return answer;
            }
            resize(data.size());
            // Copies each part, because a part that waits in the connection must not keep the whole alive.
            Iterable<ByteString> parts = () -> parts(data);
            return answer.withEntity(HttpEntities.create(
                    answer.entity().getContentType(), data.size(), released(Source.fromIterator(parts::iterator))));
        }

        private <M> Source<ByteString, M> released(Source<ByteString, M> parts) {
            BegunOrGone begun = new BegunOrGone();
            system.scheduler().scheduleOnce(patience, begun, system.executionContext());
            // A stalled client would block the answers of others.
            return parts.backpressureTimeout(patience).watchTermination((materialized, done) -> {
                begun.yes = true;
                done.whenComplete((ended, failure) -> ended(failure));
                return materialized;
            });
        }

        private void ended(Throwable failure) {
            release();
            // Those failures are due to slow or vanished clients.
            if (failure != null && !(failure instanceof TimeoutException) && !(failure instanceof StreamTcpException)) {
                LOG.error("A large answer failed", failure);
            }
        }

        /** If the connection ends before the answer exists, nobody consumes it. */
        private final class BegunOrGone implements Runnable {
            private volatile boolean yes;

            @Override
            public void run() {
                if (!yes) {
                    release();
                }
            }
        }
    }

    private static Iterator<ByteString> parts(ByteString data) {
        return IntStream.iterate(0, at -> at < data.size(), at -> at + SMALL)
                .<ByteString>mapToObj(
                        at -> data.slice(at, Math.min(at + SMALL, data.size())).compact())
                .iterator();
    }
}
