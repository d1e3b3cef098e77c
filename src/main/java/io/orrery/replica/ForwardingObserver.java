package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.Role;
import java.util.function.Supplier;

/** Passes on all that it is told; for subclasses that change some of it. */
public abstract class ForwardingObserver implements ReplicaObserver {
    /** Who is told now. */
    protected abstract ReplicaObserver next();

    @Override
    public void received(NodeId at, ReplicaActor.ClientRequest request) {
        next().received(at, request);
    }

    @Override
    public void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {
        next().answered(at, request, outcome);
    }

    @Override
    public void applied(NodeId at, Update update) {
        next().applied(at, update);
    }

    @Override
    public void buffered(NodeId at, Update update, Supplier<String> waitsFor) {
        next().buffered(at, update, waitsFor);
    }

    @Override
    public void dropped(NodeId at, ReplicaActor.PeerMessage message) {
        next().dropped(at, message);
    }

    @Override
    public void refused(NodeId at, ReplicaActor.PeerMessage message, String why) {
        next().refused(at, message, why);
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        next().superseded(at, update, by);
    }

    @Override
    public void lacksRoom(NodeId at, Update update) {
        next().lacksRoom(at, update);
    }

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        next().started(at, incarnation, view);
    }

    @Override
    public void stopped(NodeId at) {
        next().stopped(at);
    }

    @Override
    public void diskFailed(NodeId at, Throwable cause) {
        next().diskFailed(at, cause);
    }

    @Override
    public void failed(NodeId at, Throwable cause) {
        next().failed(at, cause);
    }

    @Override
    public void paused(NodeId at) {
        next().paused(at);
    }

    @Override
    public void resumed(NodeId at) {
        next().resumed(at);
    }

    @Override
    public void forgot(NodeId at, long writes) {
        next().forgot(at, writes);
    }

    @Override
    public void caughtUp(NodeId at, NodeId peer) {
        next().caughtUp(at, peer);
    }

    @Override
    public void became(NodeId at, Role role) {
        next().became(at, role);
    }

    @Override
    public void ended(NodeId at) {
        next().ended(at);
    }

    @Override
    public void replaced(NodeId at, Origin by) {
        next().replaced(at, by);
    }

    @Override
    public void configured(NodeId at, Configuration configuration, boolean isCommitted) {
        next().configured(at, configuration, isCommitted);
    }
}
