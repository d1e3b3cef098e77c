package io.orrery.simulation.oracle;

import io.orrery.model.Outcome;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Request;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.util.function.Supplier;

/** Watches over one invariant, or over those of a protocol: told of all events of a world, and of each input and answer. */
abstract class Oracle implements WorldObserver {
    /** Takes what does not hold. */
    interface Findings {
        void broke(NamedInvariant invariant, String what);
    }

    private final NamedInvariant invariant;
    private final Findings findings;
    protected Scene scene;

    Oracle(NamedInvariant invariant, Findings findings) {
        this.invariant = invariant;
        this.findings = findings;
    }

    @Override
    public final void began(World begun) {
        looksAt(Scene.of(begun));
    }

    /** Replicas have started and met. */
    void looksAt(Scene begun) {
        scene = begun;
    }

    final void require(boolean holds, Supplier<String> otherwise) {
        require(invariant, holds, otherwise);
    }

    final void require(NamedInvariant which, boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            findings.broke(which, otherwise.get());
        }
    }

    /** A replica keeps an entry. */
    void kept(Life life, JournalEntry entry) {}

    /** A replica has handled an input, its start among them. */
    void acted(Life life) {}

    /** A replica answers a request, as soon as its disk has what was kept before. */
    void replied(Life life, Request request, Outcome outcome) {}

    /** The world is at its end: all replicas run, reach each other, and have had time to exchange all. */
    void rests() {}
}
