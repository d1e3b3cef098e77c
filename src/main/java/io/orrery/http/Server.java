package io.orrery.http;

import io.orrery.cluster.LocalDeployment;
import io.orrery.cluster.ReplicaClient;
import io.orrery.deployment.Deployment;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.replica.ReplicaObserver;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.pattern.Patterns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A deployment in this process, with one HTTP address for each replica. */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** Pekko counts a streamed response as done when it begins: its end needs a moment to reach the client. */
    private static final Duration LAST_BYTES = Duration.ofMillis(100);

    private final LocalDeployment deployment;
    private final Endpoint endpoint;
    private final Optional<HistoryLog> history;
    private final Map<NodeId, Deployment.Address> addresses = new LinkedHashMap<>();

    /** What is kept for each replica while it comes and goes. */
    private record Desk(EventLog events, Metrics metrics) {}

    private Server(LocalDeployment deployment, Endpoint endpoint, Optional<HistoryLog> history) {
        this.deployment = deployment;
        this.endpoint = endpoint;
        this.history = history;
    }

    /**
     * Starts the replicas and binds their addresses.
     *
     * @throws CannotBind when an address cannot be bound; nothing is left running then
     * @throws JournalException when the data of a replica cannot be opened; nothing is left running then
     */
    public static Server start(Deployment settings) throws CannotBind {
        return start(settings, Optional.empty());
    }

    /**
     * Starts the replicas, binds their addresses, and records what clients do from then on.
     *
     * @param history the file to write to, event by event, in JSON lines; what it held is gone
     * @throws CannotBind when an address cannot be bound; nothing is left running then
     * @throws java.io.UncheckedIOException when the file cannot be written; nothing has been started then
     */
    public static Server start(Deployment settings, Optional<Path> history) throws CannotBind {
        Endpoint endpoint = new Endpoint(settings);
        Optional<HistoryLog> log = history.map(HistoryLog::new);
        Map<NodeId, Desk> desks = new LinkedHashMap<>();
        settings.ids()
                .forEach(id ->
                        desks.put(id, new Desk(new EventLog(settings.limits().events()), new Metrics(id))));
        LocalDeployment deployment = LocalDeployment.start(settings, observer(desks));
        Server server = new Server(deployment, endpoint, log);
        // Event streams never end by themselves: they are told to before the bindings wait for their responses.
        CoordinatedShutdown.get(deployment.system())
                .addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "end-event-streams", () -> {
                    desks.values().forEach(desk -> desk.events().close());
                    return Patterns.after(
                            LAST_BYTES,
                            deployment.system(),
                            () -> CompletableFuture.completedFuture(Done.getInstance()));
                });
        // By then the bindings have waited for the last responses.
        CoordinatedShutdown.get(deployment.system())
                .addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close-history", () -> {
                    log.ifPresent(HistoryLog::close);
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
        try {
            for (Deployment.Member member : settings.replicas()) {
                server.bind(member, desks.get(member.id()));
            }
        } catch (CannotBind e) {
            server.stop().toCompletableFuture().join();
            throw e;
        }
        return server;
    }

    private static ReplicaObserver observer(Map<NodeId, Desk> desks) {
        return new ReplicaObserver() {
            @Override
            public void applied(NodeId at, Update update) {
                Desk desk = desks.get(at);
                desk.events().add(update);
                desk.metrics().applied();
            }

            @Override
            public void superseded(NodeId at, Update update, Update by) {
                desks.get(at).metrics().superseded();
            }

            @Override
            public void diskFailed(NodeId at, Throwable cause) {
                LOG.error("Replica {} has stopped: {}. A restart brings it back", at, cause.getMessage());
            }

            @Override
            public void failed(NodeId at, Throwable cause) {
                LOG.error("Replica {} has stopped by a mistake in it; a restart brings it back", at, cause);
            }
        };
    }

    private void bind(Deployment.Member member, Desk desk) throws CannotBind {
        ReplicaClient replica = deployment.client(member.id());
        desk.metrics().observe(replica);
        try {
            ServerBinding binding = endpoint.at(member.http(), deployment.system())
                    .bind(new ReplicaHandler(deployment, replica, desk.metrics(), desk.events(), history))
                    .toCompletableFuture()
                    .join()
                    .addToCoordinatedShutdown(GRACE, deployment.system());
            InetSocketAddress bound = binding.localAddress();
            addresses.put(member.id(), new Deployment.Address(member.http().host(), bound.getPort()));
        } catch (CompletionException e) {
            throw new CannotBind(member, e.getCause());
        }
    }

    /** Where each replica is reached, in the order of the deployment. */
    public Map<NodeId, Deployment.Address> addresses() {
        return Collections.unmodifiableMap(addresses);
    }

    /** Lets open requests finish for a moment, then ends everything. */
    public CompletionStage<Done> stop() {
        return deployment.stop();
    }

    /** An address cannot be bound. The message is one line for people, with the address. */
    public static final class CannotBind extends Exception {
        CannotBind(Deployment.Member member, Throwable cause) {
            super(message(member, cause), cause);
        }

        private static String message(Deployment.Member member, Throwable cause) {
            Throwable root = cause;
            while (root.getCause() != null && !(root instanceof BindException)) {
                root = root.getCause();
            }
            return root instanceof BindException
                            && String.valueOf(root.getMessage()).contains("in use")
                    ? "port " + member.http().port() + " is in use: replica " + member.id() + " cannot listen on "
                            + member.http()
                    : "replica " + member.id() + " cannot listen on " + member.http() + ": " + root.getMessage();
        }
    }
}
