package io.orrery.cluster;

import io.orrery.live.Laboratory;
import io.orrery.live.LocalReplicas;
import io.orrery.live.ReplicaState;
import io.orrery.model.CounterLimits;
import io.orrery.model.Durations;
import io.orrery.model.Failures;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.network.Fault;
import io.orrery.network.Links.LinkState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * The laboratory of a cluster: any node accepts fault commands. Every node keeps the rules of all links, with a version
 * per link. A node that changes rules broadcasts its table, and the newer version of a link wins everywhere, so all
 * nodes converge, even those that were away.
 */
final class ClusterLaboratory implements Laboratory {
    private final NodeId self;
    private final LocalReplicas local;
    private final PeerConnections peerConnections;
    private final Duration patience;
    private final AtomicLong lastNumber = new AtomicLong();
    private final Map<Long, CompletableFuture<NodeMessage>> open = new ConcurrentHashMap<>();
    private final LongSupplier clock;
    /** Of the rules of each link that a fault has concerned. Guarded by this. */
    private final Map<Ends, Version> versions = new HashMap<>();

    /** The ends of a link. */
    private record Ends(NodeId from, NodeId to) {
        static Ends of(LinkState link) {
            return new Ends(link.from(), link.to());
        }
    }

    /** @param clock the wall clock in milliseconds */
    ClusterLaboratory(NodeId self, LocalReplicas local, PeerConnections peerConnections, LongSupplier clock) {
        this.self = self;
        this.local = local;
        this.peerConnections = peerConnections;
        this.clock = clock;
        this.patience = local.deployment().limits().requestTimeout();
    }

    /** Sends a request to a node. Fails with {@link NotDone} if it cannot, and with a timeout if it does not answer. */
    private CompletionStage<NodeMessage> ask(NodeId node, LongFunction<NodeMessage> question) {
        long number = lastNumber.incrementAndGet();
        CompletableFuture<NodeMessage> answer = new CompletableFuture<>();
        open.put(number, answer);
        if (!peerConnections.tell(node, question.apply(number))) {
            answer.completeExceptionally(new NotDone("node " + node + " is not reached now"));
        }
        return answer.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> open.remove(number))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        Failures.cause(failure) instanceof TimeoutException
                                ? new TimeoutException("node " + node + " has not answered within "
                                        + Durations.format(patience) + "; it may have done it")
                                : failure));
    }

    /** Takes in what another node tells. */
    void handle(NodeId from, NodeMessage.OfLaboratory wire) {
        if (wire instanceof NodeMessage.Order order) {
            carryOut(from, order);
        } else if (wire instanceof NodeMessage.AskLinks ask) {
            peerConnections.tell(from, table(ask.number()));
        } else if (wire instanceof NodeMessage.LinkTable table && table.number() == 0) {
            learn(from, table);
        } else if (wire instanceof NodeMessage.LinkTable table) {
            complete(table.number(), table);
        } else if (wire instanceof NodeMessage.Done done) {
            complete(done.number(), done);
        }
    }

    private void complete(long number, NodeMessage answer) {
        CompletableFuture<NodeMessage> asked = open.get(number);
        if (asked != null) {
            asked.complete(answer);
        }
    }

    /** Sends the links' rules to a node that has just connected. */
    synchronized void welcome(NodeId node) {
        if (!versions.isEmpty()) {
            peerConnections.tell(node, table(0));
        }
    }

    private synchronized NodeMessage.LinkTable table(long number) {
        List<NodeMessage.KnownLink> links = local.linkStates().stream()
                .map(link -> new NodeMessage.KnownLink(link, Optional.ofNullable(versions.get(Ends.of(link)))))
                .toList();
        return new NodeMessage.LinkTable(number, links);
    }

    /** Adopts newer versions, and answers older ones with its own. */
    private synchronized void learn(NodeId from, NodeMessage.LinkTable table) {
        if (!local.deployment().lab()) {
            return;
        }
        long most = clock.getAsLong() + CounterLimits.LEAP;
        for (NodeMessage.KnownLink link : table.links()) {
            if (link.version().isPresent() && link.version().get().counter() > most) {
                // Otherwise nobody could ever change the link again.
                throw new IllegalArgumentException(
                        "no link has reached the version " + link.version().get());
            }
        }
        List<LinkState> newer = new ArrayList<>();
        boolean knowsMore = false;
        for (NodeMessage.KnownLink link : table.links()) {
            Ends ends = Ends.of(link.state());
            if (!local.hasLink(ends.from(), ends.to())) {
                continue; // Of a replica that this one has not heard of yet.
            }
            int difference = compare(link.version(), Optional.ofNullable(versions.get(ends)));
            if (difference > 0) {
                newer.add(link.state());
                versions.put(ends, link.version().orElseThrow());
            }
            knowsMore |= difference < 0;
        }
        local.restore(newer);
        if (knowsMore) {
            peerConnections.tell(from, table(0));
        }
    }

    /** None is older than any. */
    private static int compare(Optional<Version> one, Optional<Version> other) {
        return one.isPresent() && other.isPresent()
                ? one.get().compareTo(other.get())
                : Boolean.compare(one.isPresent(), other.isPresent());
    }

    /** Newer than all known versions and, by the clock, than those of an earlier process of this node. */
    private Version next() {
        long last = versions.values().stream().mapToLong(Version::counter).max().orElse(0);
        return new Version(Math.max(last + 1, clock.getAsLong()), Origin.of(self.name()));
    }

    private void carryOut(NodeId from, NodeMessage.Order order) {
        try {
            requireLab();
            local.apply(order.fault()).whenComplete((state, failure) -> {
                if (failure == null) {
                    answer(from, order, Optional.of(state.toString()), Optional.empty());
                } else if (!(Failures.cause(failure) instanceof TimeoutException)) {
                    answer(from, order, Optional.empty(), Optional.of(message(failure)));
                }
                // Who asked hears nothing when it is not known here either.
            });
        } catch (IllegalArgumentException e) {
            answer(from, order, Optional.empty(), Optional.of(e.getMessage()));
        }
    }

    /** Rejects fault commands when the lab is off. */
    private void requireLab() {
        if (!local.deployment().lab()) {
            throw new IllegalArgumentException("the lab is off here; \"lab = on\" in the deployment turns it on");
        }
    }

    private static String message(Throwable failure) {
        return Failures.cause(failure).getMessage();
    }

    private void answer(NodeId to, NodeMessage.Order order, Optional<String> state, Optional<String> problem) {
        peerConnections.tell(to, new NodeMessage.Done(order.number(), state, problem));
    }

    private synchronized NodeMessage.LinkTable changed(Fault.OfLinks fault) {
        local.apply(fault);
        Version version = next();
        local.linkStates().stream()
                .filter(link -> fault.concerns(link.from(), link.to()))
                .forEach(link -> versions.put(Ends.of(link), version));
        return table(0);
    }

    @Override
    public CompletionStage<List<LinkState>> apply(Fault.OfLinks fault) {
        NodeMessage.LinkTable table = changed(fault);
        peerConnections.known().forEach(node -> peerConnections.tell(node, table));
        // A node answers this after it has applied the change, because messages to a node arrive in order.
        return links();
    }

    @Override
    public CompletionStage<ReplicaState> apply(Fault.OfReplica fault) {
        NodeId node = fault.replica();
        if (node.equals(self)) {
            return local.apply(fault);
        }
        if (!local.deployment().ids().contains(node)) {
            throw new IllegalArgumentException("there is no replica " + node + "; there are "
                    + local.deployment().ids());
        }
        return ask(node, number -> new NodeMessage.Order(number, fault)).thenApply(answer -> {
            if (!(answer instanceof NodeMessage.Done done)) {
                throw new NotDone("node " + node + " sent an answer to no request");
            }
            return ReplicaState.parse(done.state()
                    .orElseThrow(() -> new NotDone(
                            "node " + node + " says: " + done.problem().orElse("no"))));
        });
    }

    /** Each node knows what is in flight on the links from its own replica. */
    @Override
    public CompletionStage<List<LinkState>> links() {
        List<CompletableFuture<List<LinkState>>> others = peerConnections.known().stream()
                .map(node -> ask(node, number -> new NodeMessage.AskLinks(number))
                        .thenApply(answer -> ((NodeMessage.LinkTable) answer)
                                .links().stream()
                                        .map(NodeMessage.KnownLink::state)
                                        .filter(link -> link.from().equals(node))
                                        .toList())
                        .exceptionally(failure -> List.of())
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).thenApply(done -> {
            List<LinkState> told =
                    others.stream().flatMap(it -> it.join().stream()).toList();
            return local.linkStates().stream()
                    .map(own -> told.stream()
                            .filter(link ->
                                    link.from().equals(own.from()) && link.to().equals(own.to()))
                            .findFirst()
                            .orElse(own))
                    .toList();
        });
    }
}
