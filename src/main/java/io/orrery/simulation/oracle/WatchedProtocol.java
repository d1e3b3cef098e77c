package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.protocol.ForwardingProtocol;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.util.function.Consumer;

/** A replica's protocol, of which the oracles are told after each input. */
final class WatchedProtocol extends ForwardingProtocol {
    private final Life life;
    private final Consumer<Life> acted;

    WatchedProtocol(Protocol watched, Life life, Consumer<Life> acted) {
        super(watched);
        this.life = life;
        this.acted = acted;
    }

    @Override
    public void recover(JournalEntry entry) {
        life.keeps(entry);
        super.recover(entry);
    }

    @Override
    public void start(Start start) {
        super.start(start);
        life.started();
        acted.accept(life);
    }

    @Override
    public void request(Request request) {
        super.request(request);
        acted.accept(life);
    }

    @Override
    public void message(NodeId from, Message message) {
        super.message(from, message);
        acted.accept(life);
    }

    @Override
    public void timer(Timer timer) {
        super.timer(timer);
        acted.accept(life);
    }

    @Override
    public void reachable(NodeId peer) {
        super.reachable(peer);
        acted.accept(life);
    }

    @Override
    public void unreachable(NodeId peer) {
        super.unreachable(peer);
        acted.accept(life);
    }
}
