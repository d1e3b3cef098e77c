package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Happening.Asking;
import io.orrery.explore.exhaustive.Happening.Firing;
import io.orrery.model.Outcome;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A replica after a sequence of events: all that other replicas and clients can see of it. It is computed once, however many
 * executions come through it, as it depends on nothing that happens elsewhere.
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

    final Map<Happening, LocalState> next = new HashMap<>(4);
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
}
