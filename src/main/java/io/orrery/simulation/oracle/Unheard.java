package io.orrery.simulation.oracle;

import io.orrery.model.Outcome;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.Request;
import io.orrery.protocol.Values;

/** The effects of a replica that is only looked at: nothing leaves it, but the last answer can be read. */
final class Unheard extends NoEffects {
    private Outcome answer;

    /** The last answer since this was asked last; null when there was none. */
    Outcome takeAnswer() {
        Outcome last = answer;
        answer = null;
        return last;
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        answer = outcome;
    }

    @Override
    public Values values() {
        return UnreadValues.INSTANCE;
    }
}
