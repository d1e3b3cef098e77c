package io.orrery.http;

import io.orrery.journal.JournalException;
import io.orrery.live.RunningDeployment;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /backup}: an archive of the replica's disk at this moment. It is streamed from the disk, so its memory use
 * does not grow with the store. Serves one client at a time.
 */
final class BackupRoute {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRoute.class);
    private static final ContentType ZIP = MediaTypes.APPLICATION_ZIP.toContentType();
    private static final int PART = 64 << 10;

    private final RunningDeployment deployment;
    private final NodeId replica;
    private final Executor blocking;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /** @param blocking runs what may wait for the disk */
    BackupRoute(RunningDeployment deployment, NodeId replica, Executor blocking) {
        this.deployment = deployment;
        this.replica = replica;
        this.blocking = blocking;
    }

    CompletionStage<HttpResponse> handle(RequestContext requestContext) {
        if (requestContext.path().size() != 1) {
            throw requestContext.noRoute();
        }
        requestContext.require("GET");
        if (!underWay.compareAndSet(false, true)) {
            throw Problem.unavailable("another client is taking a backup of replica " + replica);
        }
        return CompletableFuture.supplyAsync(this::backup, blocking).whenComplete((answer, failure) -> {
            if (failure != null) {
                underWay.set(false);
            }
        });
    }

    private HttpResponse backup() {
        try {
            InputStream archive = deployment
                    .backup(replica)
                    .orElseThrow(() -> Problem.of(
                            StatusCodes.NOT_IMPLEMENTED,
                            "replica " + replica + " has no data on disk to back up; with \"journal ="
                                    + " rocksdb\" in the deployment it has"));
            return response(archive);
        } catch (JournalException e) {
            LOG.error("Replica {} cannot be backed up: {}", replica, e.getMessage());
            throw Problem.internal();
        }
    }

    private HttpResponse response(InputStream archive) {
        Ending ending = new Ending(archive);
        Duration patience = deployment.deployment().limits().requestTimeout();
        // A stalled client would block the backups of others.
        Source<ByteString, ?> parts = StreamConverters.fromInputStream(() -> archive, PART)
                .backpressureTimeout(patience)
                .watchTermination((done, ended) -> {
                    ending.begun = true;
                    ended.whenComplete((whole, failure) -> ending.end());
                    return done;
                });
        // If the connection ends before the answer exists, nobody consumes it.
        deployment
                .system()
                .scheduler()
                .scheduleOnce(patience, ending, deployment.system().executionContext());
        return HttpResponse.create().withEntity(HttpEntities.createChunked(ZIP, parts));
    }

    /** Closes the archive when the client has received it or is gone, which admits the next client. */
    private final class Ending implements Runnable {
        private final InputStream archive;
        private volatile boolean begun;

        Ending(InputStream archive) {
            this.archive = archive;
        }

        @Override
        public void run() {
            if (!begun) {
                end();
            }
        }

        void end() {
            blocking.execute(() -> {
                try {
                    archive.close();
                } catch (IOException e) {
                    LOG.warn("A backup of replica {} was not closed: {}", replica, e.getMessage());
                }
                underWay.set(false);
            });
        }
    }
}
