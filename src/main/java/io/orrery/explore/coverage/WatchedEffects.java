package io.orrery.explore.coverage;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ForwardingEffects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.time.Duration;
import java.util.Locale;

/** Passes on all effects of a replica, and tells a watch their kinds. */
final class WatchedEffects extends ForwardingEffects {
    private final NodeId self;
    private final Watch watch;

    WatchedEffects(Effects next, NodeId self, Watch watch) {
        super(next);
        this.self = self;
        this.watch = watch;
    }

    private void had(String effect) {
        watch.had(self, effect);
    }

    @Override
    public void send(NodeId to, Message message) {
        had("send " + message.kind());
        watch.sent(self, message);
        super.send(to, message);
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        had(answer(outcome) + " " + request.operation().name());
        super.reply(request, outcome);
    }

    private static String answer(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return "refuse (" + refused.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")";
        }
        return outcome instanceof Outcome.Done ? "answer" : "give up";
    }

    @Override
    public void persist(JournalEntry entry) {
        had("keep " + entry.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        super.persist(entry);
    }

    @Override
    public void setTimer(Timer timer, Duration after) {
        had("set " + timer.name().toLowerCase(Locale.ROOT));
        super.setTimer(timer, after);
    }

    @Override
    public void applied(Update update) {
        had(update.isTombstone() ? "show a tombstone" : "show");
        super.applied(update);
    }

    @Override
    public void buffered(Update update, String waitsFor) {
        had("buffer");
        super.buffered(update, waitsFor);
    }

    @Override
    public void superseded(Update update, Update by) {
        had("supersede");
        super.superseded(update, by);
    }

    @Override
    public void lacksRoom(Update update) {
        had("lack room");
        super.lacksRoom(update);
    }

    @Override
    public void forgot(long writes) {
        had("forget");
        super.forgot(writes);
    }

    @Override
    public void caughtUp(NodeId peer) {
        had("catch up");
        super.caughtUp(peer);
    }

    @Override
    public void replaced(Origin by) {
        had("be replaced");
        super.replaced(by);
    }

    @Override
    public void end() {
        had("end");
        super.end();
    }
}
