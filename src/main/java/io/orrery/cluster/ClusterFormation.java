package io.orrery.cluster;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.live.ClusterRecord;
import io.orrery.live.ClusterRecord.Ballot;
import io.orrery.live.ClusterRecord.Vote;
import io.orrery.live.RandomId;
import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Agrees on the id of a cluster. Replicas draw random ids and choose one by Paxos, for this one decision (Lamport,
 * "Paxos Made Simple", 2001), as soon as a majority is connected. A replica that knows the id passes it on to those
 * that do not. Until then a replica belongs to no cluster and may join any, so new stores that meet late become one
 * cluster.
 *
 * <p>A state machine: it draws ids by {@code draw}, and stores by {@code keeper} what it must recover. What it has
 * kept, it has said; so {@code keeper} returns only when that is durable. For one thread at a time.
 */
final class ClusterFormation {
    /** Asks for a {@link Promise} to accept nothing of an earlier ballot. */
    @JsonTypeName("prepare")
    record Prepare(Ballot ballot) implements NodeMessage.OfFounding {}

    /**
     * Answers {@link Prepare}.
     *
     * @param ballot the highest that the sender has promised: another than the asked one says no
     * @param vote what it has accepted before
     */
    @JsonTypeName("promise")
    record Promise(Ballot ballot, Optional<Vote> vote) implements NodeMessage.OfFounding {}

    /** Asks to accept an id. */
    @JsonTypeName("accept")
    record Accept(Vote vote) implements NodeMessage.OfFounding {}

    /** Answers {@link Accept}, when it was done. */
    @JsonTypeName("accepted")
    record Accepted(Ballot ballot) implements NodeMessage.OfFounding {}

    /** The id of the cluster. */
    @JsonTypeName("chosen")
    record Chosen(String cluster) implements NodeMessage.OfFounding {
        Chosen {
            RandomId.require(cluster);
        }
    }

    private final NodeId self;
    private final List<NodeId> replicas;
    private final int majority;
    private final Supplier<String> draw;
    private final Consumer<ClusterRecord> keeper;
    private final BiConsumer<NodeId, NodeMessage> sender;
    private ClusterRecord clusterRecord;

    /** This replica's own attempt, if one is under way: who has promised, with what, and who has accepted. */
    private Ballot attempt;

    private final Map<NodeId, Optional<Vote>> promises = new HashMap<>();
    private final Set<NodeId> accepted = new TreeSet<>();
    private Vote proposed;
    private long highestRound;

    /**
     * @param replicas all of the deployment
     * @param draw gives a new id
     * @param sender sends something to a replica, this one among them; it may be lost
     */
    ClusterFormation(
            NodeId self,
            List<NodeId> replicas,
            ClusterRecord clusterRecord,
            Supplier<String> draw,
            Consumer<ClusterRecord> keeper,
            BiConsumer<NodeId, NodeMessage> sender) {
        this.self = self;
        this.replicas = List.copyOf(replicas);
        this.majority = replicas.size() / 2 + 1;
        this.clusterRecord = clusterRecord;
        this.draw = draw;
        this.keeper = keeper;
        this.sender = sender;
        this.highestRound = clusterRecord.promised().map(Ballot::round).orElse(0L);
    }

    /** The id of the cluster; empty as long as none is known. */
    Optional<String> cluster() {
        return clusterRecord.cluster();
    }

    /**
     * Begins a ballot if there is a connected majority in which this replica has the lowest id. A later call begins a
     * new ballot, whatever became of the last.
     *
     * @param others those to whom there is a way now
     */
    void tryWith(Set<NodeId> others) {
        boolean isFirst = others.stream().allMatch(other -> self.compareTo(other) < 0);
        if (cluster().isPresent() || others.size() + 1 < majority || !isFirst) {
            return;
        }
        attempt = new Ballot(highestRound + 1, self);
        promises.clear();
        accepted.clear();
        proposed = null;
        sender.accept(self, new Prepare(attempt));
        others.forEach(other -> sender.accept(other, new Prepare(attempt)));
    }

    /** Who the replicas are, once that has been changed. */
    Optional<Configuration> members() {
        return clusterRecord.members();
    }

    /** The replicas are others than they were, for good. */
    void learn(Configuration members) {
        keep(clusterRecord.withMembers(members));
    }

    /** Hands the id to a replica that has none. */
    void met(NodeId other, Optional<String> theirs) {
        if (theirs.isPresent()) {
            learn(theirs.get());
        } else {
            cluster().ifPresent(id -> sender.accept(other, new Chosen(id)));
        }
    }

    /** Takes in what a replica says. */
    void take(NodeId from, NodeMessage.OfFounding message) {
        if (message instanceof Chosen chosen) {
            learn(chosen.cluster());
        } else if (cluster().isPresent()) {
            sender.accept(from, new Chosen(cluster().get()));
        } else if (message instanceof Prepare prepare) {
            prepare(from, prepare.ballot());
        } else if (message instanceof Promise promise) {
            promised(from, promise);
        } else if (message instanceof Accept accept) {
            accept(from, accept.vote());
        } else if (message instanceof Accepted yes) {
            accepted(from, yes.ballot());
        }
    }

    private void prepare(NodeId from, Ballot ballot) {
        if (ballot.compareTo(promised()) > 0) {
            keep(new ClusterRecord(
                    Optional.empty(), Optional.of(ballot), clusterRecord.vote(), clusterRecord.members()));
        }
        sender.accept(from, new Promise(promised(), clusterRecord.vote()));
    }

    private Ballot promised() {
        return clusterRecord.promised().orElse(Ballot.before(self));
    }

    private void promised(NodeId from, Promise promise) {
        highestRound = Math.max(highestRound, promise.ballot().round());
        if (!promise.ballot().equals(attempt) || proposed != null) {
            return;
        }
        promises.put(from, promise.vote());
        if (promises.size() >= majority) {
            String id = promises.values().stream()
                    .flatMap(Optional::stream)
                    .max((a, b) -> a.ballot().compareTo(b.ballot()))
                    .map(Vote::cluster)
                    .orElseGet(draw);
            proposed = new Vote(attempt, id);
            Set.copyOf(promises.keySet()).forEach(node -> sender.accept(node, new Accept(proposed)));
        }
    }

    private void accept(NodeId from, Vote vote) {
        if (vote.ballot().compareTo(promised()) >= 0) {
            keep(new ClusterRecord(
                    Optional.empty(), Optional.of(vote.ballot()), Optional.of(vote), clusterRecord.members()));
            sender.accept(from, new Accepted(vote.ballot()));
        }
    }

    private void accepted(NodeId from, Ballot ballot) {
        if (proposed == null || !ballot.equals(attempt)) {
            return;
        }
        accepted.add(from);
        if (accepted.size() >= majority) {
            learn(proposed.cluster());
        }
    }

    private void learn(String id) {
        if (cluster().isEmpty()) {
            keep(clusterRecord.inCluster(id));
            // Every acceptor broadcasts, so that nobody has to ask.
            replicas.stream().filter(node -> !node.equals(self)).forEach(node -> sender.accept(node, new Chosen(id)));
        }
    }

    private void keep(ClusterRecord next) {
        keeper.accept(next);
        clusterRecord = next;
    }
}
