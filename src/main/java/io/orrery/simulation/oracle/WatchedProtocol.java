package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import java.util.Optional;
import java.util.function.Consumer;

/** A replica's protocol, of which the oracles are told after each input. */
final class WatchedProtocol implements Protocol {
    private final Protocol watched;
    private final Life life;
    private final Consumer<Life> acted;

    WatchedProtocol(Protocol watched, Life life, Consumer<Life> acted) {
        this.watched = watched;
        this.life = life;
        this.acted = acted;
    }

    @Override
    public void recover(JournalEntry entry) {
        life.keeps(entry);
        watched.recover(entry);
    }

    @Override
    public void start(Start start) {
        watched.start(start);
        life.started();
        acted.accept(life);
    }

    @Override
    public void request(Request request) {
        watched.request(request);
        acted.accept(life);
    }

    @Override
    public void message(NodeId from, Message message) {
        watched.message(from, message);
        acted.accept(life);
    }

    @Override
    public void timer(Timer timer) {
        watched.timer(timer);
        acted.accept(life);
    }

    @Override
    public void reachable(NodeId peer) {
        watched.reachable(peer);
        acted.accept(life);
    }

    @Override
    public void unreachable(NodeId peer) {
        watched.unreachable(peer);
        acted.accept(life);
    }

    @Override
    public long counted() {
        return watched.counted();
    }

    @Override
    public long startsOf(NodeId replica) {
        return watched.startsOf(replica);
    }

    @Override
    public ServiceStatus serviceStatus() {
        return watched.serviceStatus();
    }

    @Override
    public Optional<? extends Update> lookup(Key key) {
        return watched.lookup(key);
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        watched.forEach(action);
    }

    @Override
    public Object clock() {
        return watched.clock();
    }

    @Override
    public ReplicaStatus status() {
        return watched.status();
    }

    @Override
    public void inspect(Inspection inspection) {
        watched.inspect(inspection);
    }
}
