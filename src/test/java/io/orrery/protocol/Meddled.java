package io.orrery.protocol;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import java.util.Optional;
import java.util.function.Consumer;

/** A real protocol with something planted between it and the world: each method may be overridden to get it wrong. */
public class Meddled implements Protocol {
    private final Protocol inner;
    protected final Effects effects;

    /** How to plant something into a protocol. */
    public interface Planting {
        Meddled plant(ProtocolType type, ReplicaSettings settings, Effects effects);
    }

    protected Meddled(ProtocolType type, ReplicaSettings settings, Effects effects) {
        this.effects = effects;
        this.inner = type.create(settings, new Passed());
    }

    /** The type of a protocol with a bug, which promises what the protocol without it does. */
    public static ProtocolType type(ProtocolType type, String bug, Planting planting) {
        return type.variant(
                type.name() + ": " + bug, bug, (settings, effects) -> planting.plant(type, settings, effects));
    }

    /** A request that the protocol sees with another session. */
    public record WithSession(Request request, String session) implements Request {
        @Override
        public Operation operation() {
            return request.operation();
        }

        @Override
        public boolean isOpen() {
            return request.isOpen();
        }
    }

    /** The protocol answers. */
    protected void reply(Request request, Outcome outcome) {
        effects.reply(request instanceof WithSession with ? with.request() : request, outcome);
    }

    /** The protocol keeps an entry. */
    protected void persist(JournalEntry entry) {
        effects.persist(entry);
    }

    /** The protocol sends a message. */
    protected void send(NodeId to, Message message) {
        effects.send(to, message);
    }

    @Override
    public void inspect(Inspection inspection) {
        inner.inspect(inspection);
    }

    @Override
    public void recover(JournalEntry entry) {
        inner.recover(entry);
    }

    @Override
    public void start(Start start) {
        inner.start(start);
    }

    @Override
    public void request(Request request) {
        inner.request(request);
    }

    @Override
    public void message(NodeId from, Message message) {
        inner.message(from, message);
    }

    @Override
    public void timer(Timer timer) {
        inner.timer(timer);
    }

    @Override
    public long counted() {
        return inner.counted();
    }

    @Override
    public long startsOf(NodeId replica) {
        return inner.startsOf(replica);
    }

    @Override
    public void reachable(NodeId peer) {
        inner.reachable(peer);
    }

    @Override
    public ServiceStatus serviceStatus() {
        return inner.serviceStatus();
    }

    @Override
    public void unreachable(NodeId peer) {
        inner.unreachable(peer);
    }

    @Override
    public Optional<? extends Update> lookup(Key key) {
        return inner.lookup(key);
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        inner.forEach(action);
    }

    @Override
    public Object clock() {
        return inner.clock();
    }

    @Override
    public ReplicaStatus status() {
        return inner.status();
    }

    private final class Passed extends ForwardingEffects {
        Passed() {
            super(effects);
        }

        @Override
        public void persist(JournalEntry entry) {
            Meddled.this.persist(entry);
        }

        @Override
        public void send(NodeId to, Message message) {
            Meddled.this.send(to, message);
        }

        @Override
        public void reply(Request request, Outcome outcome) {
            Meddled.this.reply(request, outcome);
        }
    }
}
