package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Values;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Performs effects in order, each once all entries persisted before it are durable. */
final class DurableEffects implements Effects {
    private final NodeId self;
    private final ReplicaActor.Parts parts;
    private final Outbox outbox;
    private final Deadlines deadlines;
    private final BiConsumer<Timer, Duration> setTimer;
    /** Why clients are refused if another start has replaced this one; otherwise null. */
    private String replaced;

    /** @param setTimer sets a timer of the protocol */
    DurableEffects(ReplicaActor.Parts parts, Outbox outbox, Deadlines deadlines, BiConsumer<Timer, Duration> setTimer) {
        this.self = parts.settings().self();
        this.parts = parts;
        this.outbox = outbox;
        this.deadlines = deadlines;
        this.setTimer = setTimer;
    }

    /** Why clients are refused if another start has replaced this one; otherwise null. */
    String replaced() {
        return replaced;
    }

    @Override
    public void send(NodeId to, Message message) {
        if (outbox.isOpen()) {
            parts.links().send(to, message);
        } else if (!outbox.isFull()) {
            // Beyond the limit the message is dropped, like a message that a link loses.
            outbox.hold(() -> parts.links().send(to, message));
        }
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        OpenRequest client = (OpenRequest) request;
        if (outbox.isOpen()) {
            answer(client, outcome);
        } else {
            outbox.hold(() -> answer(client, outcome), readBytes(client, outcome));
        }
    }

    /**
     * A value read from disk takes memory until the answer is sent; a written value is in memory anyway until it is on
     * disk.
     */
    private static long readBytes(OpenRequest request, Outcome outcome) {
        Optional<Value> read = outcome instanceof Outcome.Mismatch mismatch
                ? mismatch.value()
                : request.operation() instanceof Operation.Read && outcome instanceof Outcome.Done done
                        ? done.value()
                        : Optional.empty();
        return read.map(it -> (long) it.json().length()).orElse(0L);
    }

    private void answer(OpenRequest request, Outcome outcome) {
        if (replaced != null) {
            return; // Another start has replaced this one: it must not acknowledge anything, so its clients time out.
        }
        deadlines.remove(request);
        if (request.answer(outcome)) {
            parts.observer().answered(self, request.message(), outcome);
        }
    }

    @Override
    public void persist(JournalEntry entry) {
        outbox.persist(entry);
    }

    @Override
    public Values values() {
        return parts.journal().values();
    }

    @Override
    public void setTimer(Timer timer, Duration after) {
        setTimer.accept(timer, after);
    }

    @Override
    public void applied(Update update) {
        if (outbox.isOpen()) {
            parts.observer().applied(self, update.whole());
        } else {
            outbox.hold(() -> parts.observer().applied(self, update.whole()));
        }
    }

    @Override
    public void buffered(Update update, String waitsFor) {
        buffered(update, () -> waitsFor);
    }

    @Override
    public void buffered(Update update, Supplier<String> waitsFor) {
        parts.observer().buffered(self, update, waitsFor);
    }

    @Override
    public void lacksRoom(Update update) {
        parts.observer().lacksRoom(self, update);
    }

    @Override
    public void superseded(Update update, Update by) {
        if (outbox.isOpen()) {
            parts.observer().superseded(self, update, by);
        } else {
            outbox.hold(() -> parts.observer().superseded(self, update, by));
        }
    }

    @Override
    public void forgot(long writes) {
        parts.observer().forgot(self, writes);
    }

    @Override
    public void caughtUp(NodeId peer) {
        parts.observer().caughtUp(self, peer);
    }

    @Override
    public void replaced(Origin by) {
        replaced = "another process has taken the place of this one as replica " + self;
        parts.observer().replaced(self, by);
    }

    @Override
    public void end() {
        parts.lifeline().ended();
    }
}
