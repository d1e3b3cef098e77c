package io.orrery.simulation;

import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Recorder;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records the history of a world's clients, in virtual time. */
public final class Recording implements WorldObserver {
    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);
    private final Map<String, Recorder.Client> clients = new HashMap<>();
    private final Map<String, Recorder.Asked> open = new HashMap<>();
    private World world;

    /** The history so far. Operations that have not returned are open in it. */
    public History history() {
        return History.of(events);
    }

    @Override
    public void began(World world) {
        this.world = world;
    }

    @Override
    public void invoked(String client, NodeId via, Operation operation) {
        Recorder.Client known = clients.computeIfAbsent(client, recorder::client);
        open.put(client, known.asks(world.nowNanos(), via, operation));
    }

    /**
     * What happens twice is two operations. One of them takes the answer; the other stays open, as nobody ever learns of
     * its end.
     */
    @Override
    public void doubled(String client, NodeId via, Operation operation) {
        clients.get(client).asks(world.nowNanos(), via, operation);
    }

    @Override
    public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
        open.remove(client).returns(world.nowNanos(), outcome);
    }
}
