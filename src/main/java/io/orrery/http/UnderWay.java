package io.orrery.http;

import io.orrery.model.NodeId;
import io.orrery.replica.ReplicaLimits;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Bounds what is under way between one replica and its clients, however many connections there are: bodies that come, until
 * their requests are answered, and large answers, until their clients have taken them. For use from any thread.
 */
final class UnderWay {
    /** An answer of so many bytes is not counted: no connection has more than one. */
    static final int SMALL = 64 << 10;
    /** As so much an answer counts that has the whole store in it: it is made in parts, but holds on to a snapshot. */
    static final long WHOLE_STORE = ReplicaLimits.BYTES / 8;

    private final NodeId replica;
    private final ActorSystem<?> system;
    private final Duration patience;
    private final AtomicLong bytes = new AtomicLong();

    /** @param patience after how long an answer that nobody has begun to take is one to a connection that is gone */
    UnderWay(NodeId replica, ActorSystem<?> system, Duration patience) {
        this.replica = replica;
        this.system = system;
        this.patience = patience;
    }

    /** What is under way now, in bytes. */
    long bytes() {
        return bytes.get();
    }

    /** @throws Problem 503 where there is too much already; a single share may be larger than all are meant to be */
    Share take(long size) {
        if (bytes.getAndAdd(size) >= ReplicaLimits.BYTES) {
            bytes.addAndGet(-size);
            throw Problem.unavailable("replica " + replica + " has too large requests and answers under way already");
        }
        return new Share(size);
    }

    /** The same answer; where it is large, it takes a share of its own. */
    HttpResponse counted(HttpResponse answer) {
        return answer.entity() instanceof HttpEntity.Strict strict
                        && strict.getData().size() > SMALL
                ? take(strict.getData().size()).releasedAfter(answer)
                : answer;
    }

    /** What one request takes of the whole. It must be released, by whatever way the request ends. */
    final class Share {
        private final AtomicLong size;

        private Share(long size) {
            this.size = new AtomicLong(size);
        }

        /** It is found out how much it really is. */
        void resize(long now) {
            bytes.addAndGet(now - size.getAndSet(now));
        }

        /** Once is enough; more often does no harm. */
        void release() {
            resize(0);
        }

        /** The same answer; the share is released when the client has taken it, or is gone. */
        HttpResponse releasedAfter(HttpResponse answer) {
            HttpEntity entity = answer.entity();
            if (entity instanceof HttpEntity.Strict strict) {
                return releasedAfter(answer, strict.getData());
            }
            return answer.withEntity(
                    HttpEntities.createChunked(entity.getContentType(), released(entity.getDataBytes())));
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
            return parts.watchTermination((materialized, done) -> {
                begun.yes = true;
                done.whenComplete((ended, failure) -> release());
                return materialized;
            });
        }

        /** Where the connection ends before the answer is there, nothing is done with it any more. */
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
