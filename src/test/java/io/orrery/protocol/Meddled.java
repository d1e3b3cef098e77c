package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import java.util.Optional;

/** A real protocol with something planted between it and the world: each method may be overridden to get it wrong. */
public class Meddled extends ForwardingProtocol {
    protected final Effects effects;

    /** How to plant something into a protocol. */
    public interface Planting {
        Meddled plant(ProtocolType type, ReplicaSettings settings, Effects effects);
    }

    protected Meddled(ProtocolType type, ReplicaSettings settings, Effects effects) {
        this(type, settings, new Passed(effects));
    }

    private Meddled(ProtocolType type, ReplicaSettings settings, Passed passed) {
        super(type.create(settings, passed));
        this.effects = passed.effects;
        passed.meddled = this;
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
        public Optional<RequestId> id() {
            return request.id();
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

    /** The effects that the protocol gets. They exist before the protocol, and the protocol before what is planted. */
    private static final class Passed extends ForwardingEffects {
        private final Effects effects;
        private Meddled meddled;

        Passed(Effects effects) {
            super(effects);
            this.effects = effects;
        }

        @Override
        public void persist(JournalEntry entry) {
            meddled.persist(entry);
        }

        @Override
        public void send(NodeId to, Message message) {
            meddled.send(to, message);
        }

        @Override
        public void reply(Request request, Outcome outcome) {
            meddled.reply(request, outcome);
        }
    }
}
