package io.orrery.protocol.singleleader;

import io.orrery.model.NodeId;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.time.Duration;

/** Puts the epoch on every message that is sent. */
final class InEpochEffects implements Effects {
    private final Effects effects;
    private final Leadership leadership;

    InEpochEffects(Effects effects, Leadership leadership) {
        this.effects = effects;
        this.leadership = leadership;
    }

    @Override
    public void send(NodeId to, Message message) {
        effects.send(to, new LeaderMessage.InEpoch(leadership.epoch(), message));
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        effects.reply(request, outcome);
    }

    @Override
    public void persist(JournalEntry entry) {
        effects.persist(entry);
    }

    @Override
    public void setTimer(Timer timer, Duration after) {
        effects.setTimer(timer, after);
    }

    @Override
    public void applied(Update update) {
        effects.applied(update);
    }

    @Override
    public void buffered(Update update, String waitsFor) {
        effects.buffered(update, waitsFor);
    }

    @Override
    public void superseded(Update update, Update by) {
        effects.superseded(update, by);
    }
}
