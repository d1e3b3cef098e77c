package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import java.time.Duration;

/** Lets every effect go; for subclasses to which one or two matter. */
public class NoEffects implements Effects {
    @Override
    public void send(NodeId to, Message message) {}

    @Override
    public void reply(Request request, Outcome outcome) {}

    @Override
    public void persist(JournalEntry entry) {}

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
