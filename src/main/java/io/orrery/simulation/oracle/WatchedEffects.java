package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Values;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Passes on all effects of a replica, and tells the oracles what it keeps and answers. */
final class WatchedEffects implements Effects {
    private final Effects next;
    private final Life life;
    private final List<Oracle> oracles;

    WatchedEffects(Effects next, Life life, List<Oracle> oracles) {
        this.next = next;
        this.life = life;
        this.oracles = oracles;
    }

    @Override
    public void send(NodeId to, Message message) {
        next.send(to, message);
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        for (Oracle oracle : oracles) {
            oracle.replied(life, request, outcome);
        }
        next.reply(request, outcome);
    }

    @Override
    public void persist(JournalEntry entry) {
        life.keeps(entry);
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
    public void buffered(Update update, Supplier<String> waitsFor) {
        next.buffered(update, waitsFor);
    }

    @Override
    public void superseded(Update update, Update by) {
        next.superseded(update, by);
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
    public void replaced(Origin by) {
        next.replaced(by);
    }

    @Override
    public void end() {
        next.end();
    }

    @Override
    public void lacksRoom(Update update) {
        next.lacksRoom(update);
    }
}
