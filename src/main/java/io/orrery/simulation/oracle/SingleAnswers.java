package io.orrery.simulation.oracle;

import io.orrery.model.Outcome;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Request;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A protocol answers no request twice. */
final class SingleAnswers extends Oracle {
    static final NamedInvariant NAME =
            new NamedInvariant("answered-once", "A replica answers each request once at the most.");

    private final Set<Request> answered = Collections.newSetFromMap(new IdentityHashMap<>());

    SingleAnswers(Findings findings) {
        super(NAME, findings);
    }

    @Override
    public void replied(Life life, Request request, Outcome outcome) {
        require(answered.add(request), () -> life.replica() + " answered " + request + " once more: " + outcome);
    }
}
