package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Happening.Asking;
import io.orrery.explore.exhaustive.Happening.Firing;
import io.orrery.model.Outcome;
import io.orrery.protocol.JournalEntry;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * A replica after a sequence of events: all that other replicas and clients can see of it. It is computed once, however many
 * executions come through it, as it depends on nothing that happens elsewhere.
 *
 * <p>Where memory is short, states are forgotten of which nobody has an event, and computed again if they are needed.
 */
final class LocalState {
    /**
     * A client's answer.
     *
     * @param text of who has asked and what came of it
     */
    record Answer(Asking asked, Outcome outcome, String text) {
        Answer(Asking asked, Outcome outcome) {
            this(asked, outcome, asked.name + " " + outcome);
        }
    }

    final LocalState before;
    /** What led here; null at the beginning. */
    final Happening last;
    /** How many timers have fired. */
    final int fired;

    private final Map<Happening, SoftReference<LocalState>> next = new WeakHashMap<>(4);
    /** What the last event has made: messages, timers, further operations of clients. */
    final List<Happening> made = new ArrayList<>(2);
    /** Timers that the last event has stopped. */
    final List<Happening> stopped = new ArrayList<>(0);

    final List<Answer> answers = new ArrayList<>(1);
    /** The timers that are set. */
    final Map<String, Firing> timers = new LinkedHashMap<>();
    /** Whether the replica runs. */
    boolean isUp = true;
    /** What its disk has, where it does not run, or has just started. */
    List<JournalEntry> journal = List.of();
    /** How often it has been started. */
    int life;
    /** Requests that have not been answered. */
    final List<Asking> open = new ArrayList<>(1);
    /** What it holds, where that has been asked for. */
    Holding holding;
    /** Why it failed; else null. */
    String failure;

    LocalState(LocalState before, Happening last) {
        this.before = before;
        this.last = last;
        this.fired = before == null ? 0 : before.fired + (last instanceof Firing ? 1 : 0);
        if (before != null) {
            isUp = before.isUp;
            life = before.life;
            journal = before.isUp ? List.of() : before.journal;
            failure = before.failure;
            timers.putAll(before.timers);
            open.addAll(before.open);
        }
    }

    /** The state after a further event, if it is remembered; else null. */
    LocalState next(Happening happening) {
        SoftReference<LocalState> known = next.get(happening);
        return known == null ? null : known.get();
    }

    /** Remembers the state after its last event, and keeps it as long as anybody has an event that it has made. */
    void remember(LocalState after) {
        after.made.forEach(event -> event.madeBy = after);
        next.put(after.last, new SoftReference<>(after));
    }
}
