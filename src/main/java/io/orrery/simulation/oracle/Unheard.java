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

/** The effects of a replica that is only looked at: nothing leaves it, but the last answer can be read. */
final class Unheard implements Effects {
    private Outcome answer;

    /** The last answer since this was asked last; null when there was none. */
    Outcome takeAnswer() {
        Outcome last = answer;
        answer = null;
        return last;
    }

    @Override
    public void send(NodeId to, Message message) {}

    @Override
    public void reply(Request request, Outcome outcome) {
        answer = outcome;
    }

    @Override
    public void persist(JournalEntry entry) {}

    @Override
    public Values values() {
        return UnreadValues.INSTANCE;
    }

    @Override
    public void setTimer(Timer timer, Duration after) {}

    @Override
    public void applied(Update update) {}

    @Override
    public void buffered(Update update, String waitsFor) {}

    @Override
    public void superseded(Update update, Update by) {}

    @Override
    public void forgot(long writes) {}

    @Override
    public void replaced(Origin by) {}

    @Override
    public void end() {}
}
