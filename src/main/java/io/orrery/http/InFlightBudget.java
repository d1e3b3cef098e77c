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
    /** An answer of so many bytes is not counted: no connection has more than one. */
    static final int SMALL = 64 << 10;

    /** Nor is such a body: small writes are taken whatever large ones are under way. */
    static final int SMALL_BODY = 16 << 10;

    private final Room requests;
    private final Room answers;
    private final ActorSystem<?> system;
    private final Duration patience;

    /**
     * @param most bytes of bodies, and as many of answers
     * @param patience after how long an answer that nobody has begun to take is one to a connection that is gone, and
     *     within how long a client takes each part of an answer
     */
    InFlightBudget(NodeId replica, long most, ActorSystem<?> system, Duration patience) {
        this.requests = new Room("replica " + replica + " has too large requests under way already", most);
        this.answers = new Room("replica " + replica + " has too large answers under way already", most);
        this.system = system;
        this.patience = patience;
    }

    /** Bytes of bodies that come, or whose requests are not answered yet. */
    long requests() {
        return requests.bytes.get();
    }

    /** Bytes of large answers that go. */
    long answers() {
        return answers.bytes.get();
    }

    /** @throws Problem 503 where there is too much already; a single share may be larger than all are meant to be */
    Share request(long size) {
        return size <= SMALL_BODY
                ? new Share(new AtomicLong(), 0)
                : requests.take(size).orElseThrow(requests::isFull);
    }

    /** @throws Problem as for a request */
    Share answer(long size) {
        return answers.take(size).orElseThrow(answers::isFull);
    }

    /** As {@link #answer}, for what is done already and cannot be refused; empty where there is no room. */
    Optional<Share> answerIfRoom(long size) {
        return answers.take(size);
    }

    /** What an answer with the whole store counts as: it is made in parts, but holds on to a snapshot. */
    Share wholeStore() {
        return answer(answers.most / 8);
    }

    /** The same answer; where it is large, it takes a share of its own. */
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

    /** The share of one request or answer. It must be released, however the request ends. */
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

        /** The same answer, which releases the share when the client has received it or is gone. */
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
            // Copies: a part that waits in the connection must not hold on to all of them.
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
            // The others are of clients that are slow or gone.
            if (failure != null && !(failure instanceof TimeoutException) && !(failure instanceof StreamTcpException)) {
                LOG.error("A large answer failed inside", failure);
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
