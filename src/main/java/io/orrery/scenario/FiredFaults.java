package io.orrery.scenario;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaView;
import io.orrery.scenario.RandomFaults.Kind;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches which faults of a plan had an effect: a replica that ran was stopped, paused or doubled, its clock
 * was changed, a disk was lost, a sync failed, a message was lost, doubled or slowed.
 */
final class FiredFaults implements WorldObserver {
    private final RandomFaults faults;
    private final List<Episode> episodes;
    private final Map<Fault, Episode> begins = new IdentityHashMap<>();
    private final Map<Fault, Episode> ends = new IdentityHashMap<>();
    private final List<Episode> underWay = new ArrayList<>();
    private final Set<Episode> fired = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<NodeId> running = new HashSet<>();
    private final Set<NodeId> paused = new HashSet<>();
    private InFlightMessage lastSent;

    FiredFaults(RandomFaults faults, List<Episode> episodes) {
        this.faults = faults;
        this.episodes = episodes;
        for (Episode episode : episodes) {
            begins.put(episode.fault(), episode);
            episode.ends().forEach(end -> ends.put(end, episode));
        }
    }

    /** How many of each kind there were, and how many had an effect. */
    List<Run.FaultCount> counts() {
        return counts(faults, episodes, fired);
    }

    /** The same where all that are planned are carried out, and nobody watches what they do. */
    static List<Run.FaultCount> carriedOut(RandomFaults faults, List<Episode> episodes) {
        return counts(faults, episodes, episodes);
    }

    private static List<Run.FaultCount> counts(RandomFaults faults, List<Episode> planned, Collection<Episode> fired) {
        return faults.kinds().stream()
                .map(kind -> new Run.FaultCount(kind, count(planned, kind), count(fired, kind)))
                .toList();
    }

    private static int count(Collection<Episode> episodes, Kind kind) {
        return (int) episodes.stream().filter(episode -> episode.kind() == kind).count();
    }

    @Override
    public void faulted(Fault fault) {
        Episode ended = ends.get(fault);
        if (ended != null) {
            underWay.remove(ended);
        }
        Episode begun = begins.get(fault);
        if (begun == null) {
            return;
        }
        underWay.add(begun);
        if (fault instanceof Fault.SlowDisk slow && running.contains(slow.replica())) {
            fired.add(begun);
        }
        if (fault instanceof Fault.OfReplica ofReplica && hits(begun.kind(), ofReplica.replica())) {
            fired.add(begun);
        }
    }

    private boolean hits(Kind kind, NodeId replica) {
        return switch (kind) {
            case CRASHES, POWER, TWINS, SLOWDOWNS, CLOCKS -> running.contains(replica);
            case PAUSES -> running.contains(replica) && !paused.contains(replica);
            // Of a replica that is down too.
            case WIPES, RESTORES -> true;
            default -> false;
        };
    }

    private void hit(Kind kind, InFlightMessage message) {
        for (Episode episode : underWay) {
            if (episode.kind() == kind
                    && episode.fault() instanceof Fault.OfLinks ofLinks
                    && ofLinks.concerns(message.from(), message.to())) {
                fired.add(episode);
            }
        }
    }

    @Override
    public void sent(InFlightMessage inFlightMessage) {
        if (underWay.isEmpty()) {
            return;
        }
        hit(Kind.DELAYS, inFlightMessage);
        Message message = inFlightMessage.message();
        if (lastSent != null
                && lastSent.message() == message
                && lastSent.from().equals(inFlightMessage.from())
                && lastSent.to().equals(inFlightMessage.to())) {
            hit(Kind.DUPLICATES, inFlightMessage);
        }
        lastSent = inFlightMessage;
    }

    @Override
    public void lost(InFlightMessage inFlightMessage, Loss why) {
        if (why == Loss.CUT) {
            hit(Kind.PARTITIONS, inFlightMessage);
        } else if (why == Loss.LOST) {
            hit(Kind.LOSS, inFlightMessage);
        } else if (why == Loss.RESET) {
            hit(Kind.RESETS, inFlightMessage);
        }
    }

    @Override
    public void diskFailed(NodeId at, Throwable cause) {
        for (Episode episode : underWay) {
            if (episode.kind() == Kind.DISKS && episode.stops().equals(Optional.of(at))) {
                fired.add(episode);
            }
        }
    }

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        running.add(at);
    }

    @Override
    public void stopped(NodeId at) {
        running.remove(at);
        paused.remove(at);
    }

    @Override
    public void paused(NodeId at) {
        paused.add(at);
    }

    @Override
    public void resumed(NodeId at) {
        paused.remove(at);
    }
}
