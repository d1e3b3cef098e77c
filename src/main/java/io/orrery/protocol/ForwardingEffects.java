package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import java.time.Duration;
import java.util.function.Supplier;

/** Delegates every effect; for subclasses that observe or change some. */
public abstract class ForwardingEffects implements Effects {
    private final Effects next;

    protected ForwardingEffects(Effects next) {
        this.next = next;
    }

    @Override
    public void send(NodeId to, Message message) {
        next.send(to, message);
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        next.reply(request, outcome);
    }

    @Override
    public void persist(JournalEntry entry) {
        next.persist(entry);
    }

    @Override
    public Values values() {
        return next.values();
    }

    @Override
    public void setTimer(Timer timer, Duration after) {
        next.setTimer(timer, after);
    }

    @Override
    public void applied(Update update) {
        next.applied(update);
    }

    @Override
    public void buffered(Update update, String waitsFor) {
        next.buffered(update, waitsFor);
    }

    @Override
    public final void buffered(Update update, Supplier<String> waitsFor) {
        buffered(update, waitsFor.get());
    }

    @Override
    public void superseded(Update update, Update by) {
        next.superseded(update, by);
    }

    @Override
    public void lacksRoom(Update update) {
        next.lacksRoom(update);
    }

    @Override
    public void forgot(long writes) {
        next.forgot(writes);
    }

    @Override
    public void caughtUp(NodeId peer) {
        next.caughtUp(peer);
    }

    @Override
    public void became(Role role) {
        next.became(role);
    }

    @Override
    public void replaced(Origin by) {
        next.replaced(by);
    }

    @Override
    public void end() {
        next.end();
    }

    @Override
    public void configured(Configuration configuration, boolean isCommitted) {
        next.configured(configuration, isCommitted);
    }
}
