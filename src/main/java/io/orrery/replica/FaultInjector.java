package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.Links;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Carries out faults: the one door for scenarios, HTTP and the command line, in either runtime. */
public final class FaultInjector {
    private final List<NodeId> here;
    private final Links links;
    private final Replicas replicas;
    private final ActorRef<ReplicaHost.Command> host;

    public FaultInjector(List<NodeId> here, Links links, Replicas replicas, ActorRef<ReplicaHost.Command> host) {
        this.here = List.copyOf(here);
        this.links = links;
        this.replicas = replicas;
        this.host = host;
    }

    /**
     * Makes something go wrong or puts it right. A link changes, and a replica is cut off from the world, before this
     * returns; a replica that restarts is up some moments later.
     *
     * @throws IllegalArgumentException when it names a replica that is not there; nothing is changed then
     */
    public void apply(Fault fault) {
        apply(fault, () -> {});
    }

    /**
     * The same, and says when it is done: a replica that restarts is there again then.
     *
     * @param done called once, on any thread; not at all when the process ends first
     */
    public void apply(Fault fault, Runnable done) {
        if (fault instanceof Fault.OfLinks ofLinks) {
            links.apply(ofLinks).forEach(this::healed);
            done.run();
        } else if (fault instanceof Fault.OfReplica ofReplica) {
            apply(ofReplica, done);
        }
    }

    /** Gives links the rules that {@link Links#states} told of them. */
    public void restore(List<Links.LinkState> states) {
        links.restore(states).forEach(this::healed);
    }

    private void healed(Links.Healed link) {
        // The end that can send again says what it has; it is answered where the other direction works too.
        replicas.findAll(link.from()).forEach(replica -> replica.tell(new ReplicaActor.Reachable(link.to())));
    }

    private void apply(Fault.OfReplica fault, Runnable done) {
        NodeId id = fault.replica();
        if (!here.contains(id)) {
            throw new IllegalArgumentException("there is no replica " + id + "; there are " + here);
        }
        if (fault instanceof Fault.FailDisk || fault instanceof Fault.Restore) {
            throw new IllegalArgumentException("only a simulated disk can be made to fail, or be set back");
        } else if (fault instanceof Fault.Pause) {
            replicas.findAll(id).forEach(replica -> replica.tell(new ReplicaActor.Pause()));
            done.run();
        } else if (fault instanceof Fault.Resume) {
            replicas.findAll(id).forEach(replica -> replica.tell(new ReplicaActor.Resume()));
            done.run();
        } else if (fault instanceof Fault.Twin) {
            host.tell(new ReplicaHost.Change(fault, done));
        } else {
            replicas.down(id);
            host.tell(new ReplicaHost.Change(fault, done));
        }
    }
}
