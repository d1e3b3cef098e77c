package io.orrery.protocol.totalorder;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Version;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Writes that are here and whose turn has not come, and what their keys show until then. */
final class HoldBackQueue {
    private final NavigableMap<Version, Held> held = new TreeMap<>();
    private final Map<Key, Shown> shown = new HashMap<>();
    private long barrier;

    /** A write that waits for its turn. */
    record Held(Dot dot, Update update) {
        long time() {
            return update.version().counter();
        }
    }

    private static final class Shown {
        private Optional<Update> update;
        private int held;

        private Shown(Optional<Update> update) {
            this.update = update;
        }
    }

    /** Before a write of this key comes: what the key shows by then it goes on showing. */
    void keep(Key key, Function<Key, Optional<Update>> lookup) {
        shown.computeIfAbsent(key, it -> new Shown(lookup.apply(it)));
    }

    void hold(Dot dot, Update update) {
        if (held.putIfAbsent(update.version(), new Held(dot, update)) == null) {
            shown.get(update.key()).held++;
        }
    }

    /** Writes may be missing for good before this time, as later ones have taken their place: nothing is shown on the way there. */
    void showNothingBefore(long time) {
        barrier = Math.max(barrier, time);
    }

    /**
     * No write will come any more whose time is not later than this one: shows those up to it, in their order, as far as all
     * have them.
     *
     * @param show gets each in its turn, and the one that its key shows if that is newer
     * @return up to which time all is shown; -1 where nothing can be
     */
    long show(long time, Predicate<Dot> allHave, BiConsumer<Update, Optional<Update>> show) {
        long limit = time;
        for (Held next : held.values()) {
            if (next.time() > time) {
                break;
            }
            if (!allHave.test(next.dot())) {
                limit = next.time() - 1;
                break;
            }
        }
        if (limit < barrier) {
            return -1;
        }
        while (!held.isEmpty() && held.firstKey().counter() <= limit) {
            Update next = held.pollFirstEntry().getValue().update();
            Shown now = shown.get(next.key());
            Optional<Update> before = now.update;
            // Only a replica of which two processes run can be late.
            boolean isLate = before.isPresent() && before.get().version().compareTo(next.version()) > 0;
            now.update = isLate ? before : Optional.of(next);
            if (--now.held == 0) {
                shown.remove(next.key());
            }
            show.accept(next, isLate ? before : Optional.empty());
        }
        return limit;
    }

    /** The last write of a key that is held and comes before a place in the order; empty if there is none. */
    Optional<Update> lastBefore(Version place, Key key) {
        return held.headMap(place, false).descendingMap().values().stream()
                .map(Held::update)
                .filter(update -> update.key().equals(key))
                .findFirst();
    }

    /** Whether nothing that lies before this time can be shown. */
    boolean showsNothingBefore(long time) {
        return time < barrier;
    }

    /** The time of the last write that is held, or of the barrier if that is later. */
    long last() {
        return held.isEmpty() ? barrier : Math.max(barrier, held.lastKey().counter());
    }

    int size() {
        return held.size();
    }

    /** Those that wait, in their order. */
    Collection<Held> held() {
        return Collections.unmodifiableCollection(held.values());
    }

    /** What a key shows that has writes whose turn has not come; null for another key. */
    Optional<Update> shown(Key key) {
        Shown kept = shown.get(key);
        return kept == null ? null : kept.update;
    }
}
