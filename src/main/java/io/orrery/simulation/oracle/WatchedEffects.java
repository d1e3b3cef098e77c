package io.orrery.simulation.oracle;

import io.orrery.model.Outcome;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ForwardingEffects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Request;
import java.util.List;

/** Passes on all effects of a replica, and tells the oracles what it keeps and answers. */
final class WatchedEffects extends ForwardingEffects {
    private final Life life;
    private final List<Oracle> oracles;

    WatchedEffects(Effects next, Life life, List<Oracle> oracles) {
        super(next);
        this.life = life;
        this.oracles = oracles;
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        for (Oracle oracle : oracles) {
            oracle.replied(life, request, outcome);
        }
        super.reply(request, outcome);
    }

    @Override
    public void persist(JournalEntry entry) {
        life.keeps(entry);
        for (Oracle oracle : oracles) {
            oracle.kept(life, entry);
        }
        super.persist(entry);
    }
}
