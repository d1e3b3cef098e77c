package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.model.Preconditions;
import io.orrery.network.Fault;
import io.orrery.network.Links;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Applies faults, for scenarios, HTTP and the command line, in both runtimes. */
public final class FaultInjector {
    private final List<NodeId> here;
    private final Links links;
    private final ReplicaDirectory replicaDirectory;
    private final ActorRef<ReplicaHost.Command> host;

    public FaultInjector(
            List<NodeId> here, Links links, ReplicaDirectory replicaDirectory, ActorRef<ReplicaHost.Command> host) {
        this.here = List.copyOf(here);
        this.links = links;
        this.replicaDirectory = replicaDirectory;
        this.host = host;
    }

    /**
     * Applies a fault. When this returns, links have changed and a crashed replica is unreachable; a restarted replica
     * is up a moment later.
     *
     * @throws IllegalArgumentException if it names an unknown replica; nothing is changed then
     */
    public void apply(Fault fault) {
        apply(fault, () -> {});
    }

    /**
     * Applies a fault, and reports when it is complete: a restarted replica is then up.
     *
     * @param done called once, on any thread; never if the process ends first
     */
    public void apply(Fault fault, Runnable done) {
        if (fault instanceof Fault.OfLinks ofLinks) {
            List<Links.Healed> healed = links.apply(ofLinks);
            if (fault instanceof Fault.Reset) {
                healed.forEach(link -> tell(link.from(), new ReplicaActor.Unreachable(link.to())));
            }
            healed(healed);
            done.run();
        } else if (fault instanceof Fault.OfReplica ofReplica) {
            apply(ofReplica, done);
        }
    }

    /** Sets links to the rules that {@link Links#states} returned. */
    public void restore(List<Links.LinkState> states) {
        healed(links.restore(states));
    }

    private void healed(List<Links.Healed> healed) {
        for (Links.Healed link : healed) {
            // The replica that can send again sends its summary; it gets an answer if the other direction works too.
            tell(link.from(), new ReplicaActor.Reachable(link.to()));
            // The other replica could send all the time but gets answers only now, so it must ask again.
            boolean alone = !healed.contains(new Links.Healed(link.to(), link.from()));
            if (alone && links.passes(link.to(), link.from())) {
                tell(link.to(), new ReplicaActor.Reachable(link.from()));
            }
        }
    }

    private void tell(NodeId replica, ReplicaActor.Command command) {
        replicaDirectory.findAll(replica).forEach(it -> it.tell(command));
    }

    private void apply(Fault.OfReplica fault, Runnable done) {
        NodeId id = fault.replica();
        Preconditions.require(here.contains(id), () -> "there is no replica " + id + "; there are " + here);
        if (fault instanceof Fault.FailDisk
                || fault instanceof Fault.DamageDisk
                || fault instanceof Fault.CutPower
                || fault instanceof Fault.Restore) {
            throw new IllegalArgumentException("only a simulated disk can do that: " + fault);
        } else if (fault instanceof Fault.Slow) {
            throw new IllegalArgumentException("only a simulated replica can be made slow");
        } else if (fault instanceof Fault.ClockRate || fault instanceof Fault.ClockJump) {
            throw new IllegalArgumentException("only a simulated replica has a clock that can be wrong: " + fault);
        } else if (fault instanceof Fault.Pause) {
            replicaDirectory.findAll(id).forEach(replica -> replica.tell(new ReplicaActor.Pause()));
            done.run();
        } else if (fault instanceof Fault.Resume) {
            replicaDirectory.findAll(id).forEach(replica -> replica.tell(new ReplicaActor.Resume()));
            done.run();
        } else if (fault instanceof Fault.Twin || fault instanceof Fault.OfDisk) {
            host.tell(new ReplicaHost.Change(fault, done));
        } else {
            replicaDirectory.down(id);
            host.tell(new ReplicaHost.Change(fault, done));
        }
    }
}
