package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.Role;
import io.orrery.replica.ReplicaActor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Records all events of a world in their order, with the logical clock at each. */
public final class Trace implements WorldObserver {
    private final List<TraceEvent> events = new ArrayList<>();
    private final Map<NodeId, ReplicaView> views = new HashMap<>();
    private final Map<String, Long> invokedAt = new HashMap<>();
    private World world;

    public List<TraceEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /** Before the world has begun, all events happen at time 0. */
    private long now() {
        return world == null ? 0 : world.nowNanos();
    }

    private Object clock(NodeId replica) {
        ReplicaView view = views.get(replica);
        return view == null ? "" : view.clock();
    }

    @Override
    public void began(World world) {
        this.world = world;
        if (!world.spec().conditions().start().overLinks()) {
            // Drops the hello messages of the start, which are the same in every run, and many.
            events.removeIf(event -> event instanceof TraceEvent.OfMessage);
        }
    }

    @Override
    public void invoked(String client, NodeId via, Operation operation) {
        invokedAt.put(client, now());
        events.add(new TraceEvent.Invoked(now(), client, via, operation));
    }

    @Override
    public void requestLost(String client, NodeId via, Operation operation) {
        events.add(new TraceEvent.RequestLost(now(), client, via, operation));
    }

    @Override
    public void doubled(String client, NodeId via, Operation operation) {
        events.add(new TraceEvent.Doubled(now(), client, via, operation));
    }

    @Override
    public void answerLost(String client, Outcome outcome) {
        events.add(new TraceEvent.AnswerLost(now(), client, outcome));
    }

    @Override
    public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
        long took = now() - invokedAt.remove(client);
        events.add(new TraceEvent.Returned(now(), client, via, operation, outcome, took));
    }

    @Override
    public void received(NodeId at, ReplicaActor.ClientRequest request) {
        events.add(new TraceEvent.Received(now(), at, request.client(), request.operation(), clock(at)));
    }

    @Override
    public void applied(NodeId at, Update update) {
        events.add(new TraceEvent.Applied(now(), at, update, clock(at)));
    }

    @Override
    public void buffered(NodeId at, Update update, Supplier<String> waitsFor) {
        events.add(new TraceEvent.Buffered(now(), at, update, waitsFor.get(), clock(at)));
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        events.add(new TraceEvent.Superseded(now(), at, update, by, clock(at)));
    }

    @Override
    public void sent(InFlightMessage inFlightMessage) {
        events.add(new TraceEvent.Sent(
                now(),
                inFlightMessage.from(),
                inFlightMessage.to(),
                inFlightMessage.id(),
                inFlightMessage.message(),
                inFlightMessage.delayNanos(),
                clock(inFlightMessage.from())));
    }

    @Override
    public void delivered(InFlightMessage inFlightMessage) {
        events.add(new TraceEvent.Delivered(
                now(),
                inFlightMessage.from(),
                inFlightMessage.to(),
                inFlightMessage.id(),
                inFlightMessage.message(),
                clock(inFlightMessage.to())));
    }

    @Override
    public void lost(InFlightMessage inFlightMessage, Loss why) {
        events.add(new TraceEvent.Lost(
                now(),
                inFlightMessage.from(),
                inFlightMessage.to(),
                inFlightMessage.id(),
                inFlightMessage.message(),
                why));
    }

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        views.put(at, view);
        List<Update> holds = new ArrayList<>();
        view.forEach(holds::add);
        holds.sort(Comparator.comparing(Update::key));
        events.add(new TraceEvent.Started(now(), at, incarnation, List.copyOf(holds), clock(at)));
    }

    @Override
    public void became(NodeId at, Role role) {
        events.add(new TraceEvent.Became(now(), at, role, clock(at)));
    }

    @Override
    public void stopped(NodeId at) {
        events.add(new TraceEvent.Stopped(now(), at, clock(at)));
        views.remove(at);
    }

    @Override
    public void paused(NodeId at) {
        events.add(new TraceEvent.Paused(now(), at, clock(at)));
    }

    @Override
    public void resumed(NodeId at) {
        events.add(new TraceEvent.Resumed(now(), at, clock(at)));
    }

    @Override
    public void faulted(Fault fault) {
        events.add(new TraceEvent.Faulted(now(), fault));
    }

    @Override
    public void breached(NamedInvariant invariant, String what) {
        events.add(new TraceEvent.Breached(now(), invariant, what));
    }
}
