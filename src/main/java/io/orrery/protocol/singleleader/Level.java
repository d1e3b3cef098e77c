package io.orrery.protocol.singleleader;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolOption;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType.Leadership;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ServiceStatus.Service;
import io.orrery.protocol.ServiceStatus.Use;
import io.orrery.protocol.dissemination.StartRequirements;
import io.orrery.protocol.kit.QuorumCounter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the protocols of the single-leader family choose: when a write returns, where a read is served, who takes writes, and how
 * strictly the leader's order binds. {@link SingleLeaderProtocols#type} makes a protocol of it.
 *
 * <p>Made to be extended, by protocols from outside too: how many followers a write waits for, which options there are, and whom
 * a replica asks at its start are methods that a subclass may override. A level has no state: all replicas of a process
 * share one.
 */
public class Level {
    /** When a write is answered. */
    public enum WriteReturns {
        /** When it has been handed to the leader. */
        AT_ONCE,
        /** When the replica that was asked has applied it. */
        WHEN_APPLIED_HERE,
        /** When all replicas have applied it. */
        WHEN_APPLIED_EVERYWHERE,
        /** When the leader and the write quorum of followers have applied it. */
        WHEN_A_QUORUM_HAS_IT
    }

    /** Where a read is served: always by the replica that was asked, and with what it has. */
    public enum Read {
        /** At once. */
        LOCAL,
        /** When it has all that the client's session has seen. */
        AFTER_SESSION,
        /** When it has all that the leader had ordered when the read came. */
        AFTER_LEADER
    }

    /** Who takes writes. */
    public enum Takers {
        /** Every replica; it forwards them to the leader. */
        ALL,
        /** The leader alone; followers name it. */
        LEADER
    }

    /** How followers apply what the leader has ordered. */
    public enum Order {
        /** One after the other, as the leader did. */
        LEADERS,
        /** As it arrives; of each key the highest version counts. */
        BY_KEY
    }

    private static final Service LOCAL_READS = Service.alone("local reads", Use.READS);

    private final WriteReturns writeReturns;
    private final Read read;
    private final Takers takers;
    private final Order order;

    /**
     * @param writeReturns when a write is answered
     * @param read where a read is served
     * @param takers who takes writes
     * @param order how followers apply what the leader has ordered
     */
    public Level(WriteReturns writeReturns, Read read, Takers takers, Order order) {
        this.writeReturns = writeReturns;
        this.read = read;
        this.takers = takers;
        this.order = order;
    }

    public final WriteReturns writeReturns() {
        return writeReturns;
    }

    public final Read read() {
        return read;
    }

    public final Takers takers() {
        return takers;
    }

    public final Order order() {
        return order;
    }

    /** What a deployment may choose; {@link ProtocolOptions#LEADER} is among it. */
    public List<ProtocolOption<?>> options() {
        return writeReturns == WriteReturns.WHEN_A_QUORUM_HAS_IT
                ? List.of(ProtocolOptions.LEADER, ProtocolOptions.WRITE_QUORUM)
                : List.of(ProtocolOptions.LEADER);
    }

    /** Who has a write by then that has returned. */
    public Leadership leadership() {
        return switch (writeReturns) {
            case AT_ONCE, WHEN_APPLIED_HERE -> Leadership.ALONE;
            case WHEN_A_QUORUM_HAS_IT -> Leadership.QUORUM;
            case WHEN_APPLIED_EVERYWHERE -> Leadership.ALL;
        };
    }

    /** Counts, at the leader, which followers have a write; package-private, as there is one right way. */
    QuorumCounter<Dot> counter(List<NodeId> followers) {
        return new QuorumCounter<>(followers, Comparator.<Dot>naturalOrder());
    }

    /**
     * How many followers must have a write, besides the leader, before it returns: from 0 to all of them, and always the same
     * for the same settings.
     */
    public int followersNeeded(ReplicaSettings settings) {
        return switch (writeReturns) {
            case AT_ONCE, WHEN_APPLIED_HERE -> 0;
            case WHEN_APPLIED_EVERYWHERE -> settings.replicas().size() - 1;
            case WHEN_A_QUORUM_HAS_IT -> settings.options().get(ProtocolOptions.WRITE_QUORUM);
        };
    }

    /**
     * What a leader does.
     *
     * @param awaited those who must tell first what they have, as the leader may have forgotten something
     */
    protected List<Service> servicesOfLeader(List<NodeId> followers, int followersNeeded, List<NodeId> awaited) {
        Service reads = read == Read.AFTER_LEADER
                ? new Service("reads", Use.READS, followers, Math.min(1, followers.size()), awaited)
                : LOCAL_READS;
        return List.of(reads, new Service("writes", Use.WRITES, followers, followersNeeded, awaited));
    }

    /** What a follower does. */
    protected List<Service> servicesOfFollower(NodeId leader, List<NodeId> peers) {
        List<Service> services = new ArrayList<>();
        services.add(read == Read.AFTER_LEADER ? Service.with(leader, "reads", Use.READS) : LOCAL_READS);
        if (takers == Takers.ALL) {
            services.add(
                    switch (writeReturns) {
                        case AT_ONCE -> Service.alone("writes", Use.WRITES);
                        case WHEN_APPLIED_HERE, WHEN_A_QUORUM_HAS_IT -> Service.with(leader, "writes", Use.WRITES);
                        case WHEN_APPLIED_EVERYWHERE ->
                            new Service("writes", Use.WRITES, peers, peers.size(), List.of());
                    });
        }
        boolean asksLeader =
                services.stream().anyMatch(service -> service.peers().contains(leader));
        if (!asksLeader) {
            services.add(Service.with(leader, "the leader's writes", Use.NEWS));
        }
        return services;
    }

    /**
     * What is asked of a replica that starts. A leader must not order writes, nor tell its position, while something is
     * missing that it confirmed. With its memory, it asks a majority whether that is the latest one. Without, what it
     * confirmed is at so many followers at least, so all the others and one more must be heard.
     */
    protected StartRequirements startTerms(ReplicaSettings settings) {
        // A leader that confirms alone must hand over what it confirmed.
        boolean handsOver = writeReturns == WriteReturns.AT_ONCE || writeReturns == WriteReturns.WHEN_APPLIED_HERE;
        if (!settings.options().get(ProtocolOptions.LEADER).equals(settings.self())) {
            return new StartRequirements(0, 0, handsOver);
        }
        int followers = settings.peers().size();
        int confirmedAt =
                writeReturns == WriteReturns.WHEN_A_QUORUM_HAS_IT ? Math.max(1, followersNeeded(settings)) : 1;
        int all = Math.max(0, followers + 1 - confirmedAt);
        int majority = settings.replicas().size() / 2;
        return switch (writeReturns) {
            case AT_ONCE -> new StartRequirements(0, all, handsOver);
            case WHEN_APPLIED_HERE, WHEN_A_QUORUM_HAS_IT ->
                new StartRequirements(Math.min(majority, all), all, handsOver);
            // It confirms nothing without all followers anyway.
            case WHEN_APPLIED_EVERYWHERE -> new StartRequirements(all, all, handsOver);
        };
    }
}
