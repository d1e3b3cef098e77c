package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.Role;
import io.orrery.replica.ReplicaActor;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Combines observers: each is told everything, in their order. */
final class CompositeObserver implements WorldObserver {
    private final BooleanSupplier condition;
    private final List<WorldObserver> observers;

    CompositeObserver(List<WorldObserver> observers) {
        this(() -> true, observers);
    }

    /** @param condition while it does not hold nobody is told anything */
    CompositeObserver(BooleanSupplier condition, List<WorldObserver> observers) {
        this.condition = condition;
        this.observers = observers;
    }

    private void each(Consumer<WorldObserver> call) {
        if (!condition.getAsBoolean()) {
            return;
        }
        for (WorldObserver observer : observers) {
            call.accept(observer);
        }
    }

    @Override
    public void began(World world) {
        each(observer -> observer.began(world));
    }

    @Override
    public void invoked(String client, NodeId via, Operation operation) {
        each(observer -> observer.invoked(client, via, operation));
    }

    @Override
    public void requestLost(String client, NodeId via, Operation operation) {
        each(observer -> observer.requestLost(client, via, operation));
    }

    @Override
    public void doubled(String client, NodeId via, Operation operation) {
        each(observer -> observer.doubled(client, via, operation));
    }

    @Override
    public void answerLost(String client, Outcome outcome) {
        each(observer -> observer.answerLost(client, outcome));
    }

    @Override
    public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
        each(observer -> observer.returned(client, via, operation, outcome));
    }

    @Override
    public void faulted(Fault fault) {
        each(observer -> observer.faulted(fault));
    }

    @Override
    public void breached(NamedInvariant invariant, String what) {
        each(observer -> observer.breached(invariant, what));
    }

    @Override
    public void ended() {
        each(WorldObserver::ended);
    }

    @Override
    public void sent(InFlightMessage inFlightMessage) {
        each(observer -> observer.sent(inFlightMessage));
    }

    @Override
    public void delivered(InFlightMessage inFlightMessage) {
        each(observer -> observer.delivered(inFlightMessage));
    }

    @Override
    public void lost(InFlightMessage inFlightMessage, Loss why) {
        each(observer -> observer.lost(inFlightMessage, why));
    }

    @Override
    public void received(NodeId at, ReplicaActor.ClientRequest request) {
        each(observer -> observer.received(at, request));
    }

    @Override
    public void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {
        each(observer -> observer.answered(at, request, outcome));
    }

    @Override
    public void applied(NodeId at, Update update) {
        each(observer -> observer.applied(at, update));
    }

    @Override
    public void buffered(NodeId at, Update update, Supplier<String> waitsFor) {
        each(observer -> observer.buffered(at, update, waitsFor));
    }

    @Override
    public void dropped(NodeId at, ReplicaActor.PeerMessage message) {
        each(observer -> observer.dropped(at, message));
    }

    @Override
    public void refused(NodeId at, ReplicaActor.PeerMessage message, String why) {
        each(observer -> observer.refused(at, message, why));
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        each(observer -> observer.superseded(at, update, by));
    }

    @Override
    public void lacksRoom(NodeId at, Update update) {
        each(observer -> observer.lacksRoom(at, update));
    }

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        each(observer -> observer.started(at, incarnation, view));
    }

    @Override
    public void stopped(NodeId at) {
        each(observer -> observer.stopped(at));
    }

    @Override
    public void diskFailed(NodeId at, Throwable cause) {
        each(observer -> observer.diskFailed(at, cause));
    }

    @Override
    public void failed(NodeId at, Throwable cause) {
        each(observer -> observer.failed(at, cause));
    }

    @Override
    public void paused(NodeId at) {
        each(observer -> observer.paused(at));
    }

    @Override
    public void resumed(NodeId at) {
        each(observer -> observer.resumed(at));
    }

    @Override
    public void forgot(NodeId at, long writes) {
        each(observer -> observer.forgot(at, writes));
    }

    @Override
    public void caughtUp(NodeId at, NodeId peer) {
        each(observer -> observer.caughtUp(at, peer));
    }

    @Override
    public void became(NodeId at, Role role) {
        each(observer -> observer.became(at, role));
    }

    @Override
    public void ended(NodeId at) {
        each(observer -> observer.ended(at));
    }

    @Override
    public void replaced(NodeId at, Origin by) {
        each(observer -> observer.replaced(at, by));
    }

    @Override
    public void configured(NodeId at, Configuration configuration, boolean isCommitted) {
        each(observer -> observer.configured(at, configuration, isCommitted));
    }
}
