package io.orrery.protocol.singleleader;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.protocol.kit.DuplicateFilter;
import io.orrery.protocol.singleleader.LeaderEntry.OrderedFor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The forwarded writes that the leader remembers, so that a duplicate is ordered once: for each caller those whose
 * answer it may not have yet.
 */
final class ForwardedWrites {
    /** A forwarded write that has been ordered, whether its caller may be told, and whether that is being waited for. */
    static final class Ordered {
        private final Dot dot;
        private final Version version;
        private final Optional<Boolean> declined;
        private boolean isAwaited;
        private boolean isDone;

        private Ordered(OrderedFor entry) {
            dot = entry.dot();
            version = entry.version();
            declined = entry.declined();
            isDone = declined.orElse(false);
        }

        Dot dot() {
            return dot;
        }

        Version version() {
            return version;
        }

        /** Whether it was a compare-and-set that did not match. */
        Optional<Boolean> declined() {
            return declined;
        }

        /** Forgotten by a crash of the leader: when the caller asks again, the leader finds out who has the write. */
        boolean isAwaited() {
            return isAwaited;
        }

        void awaited() {
            isAwaited = true;
        }

        boolean isDone() {
            return isDone;
        }

        void done() {
            isDone = true;
        }
    }

    private record Forwarded(Origin caller, long number) {}

    /** What is remembered of the starts of one replica: no more than there are places. */
    private static final class Replica {
        private final Map<Origin, DuplicateFilter<Ordered>> callers = new HashMap<>();
        /** Who has each place; a place is taken again after so many others. */
        private final List<Forwarded> places = new ArrayList<>();

        private long nextPlace;

        private void put(OrderedFor entry) {
            caller(entry.caller()).put(entry.number(), new Ordered(entry));
            takePlace(entry);
        }

        private void restore(OrderedFor entry) {
            caller(entry.caller()).restore(entry.number(), new Ordered(entry));
            takePlace(entry);
        }

        private void takePlace(OrderedFor entry) {
            int at = (int) (entry.place() % OrderedFor.PLACES);
            while (places.size() <= at) {
                places.add(null);
            }
            Forwarded before = places.set(at, new Forwarded(entry.caller(), entry.number()));
            if (before != null) {
                // It is settled, otherwise the caller would not have continued.
                caller(before.caller()).settle(before.number());
            }
            nextPlace = Math.max(nextPlace, entry.place() + 1);
        }

        private DuplicateFilter<Ordered> caller(Origin origin) {
            return callers.computeIfAbsent(origin, start -> new DuplicateFilter<>());
        }
    }

    private final Map<NodeId, Replica> replicas = new HashMap<>();

    /** For how many forwards of one replica there is a place, where that is most. */
    int most() {
        int most = 0;
        for (Replica replica : replicas.values()) {
            most = Math.max(most, replica.places.size());
        }
        return most;
    }

    void recover(OrderedFor entry) {
        replica(entry.caller()).restore(entry);
    }

    private Replica replica(Origin caller) {
        return replicas.computeIfAbsent(caller.node(), node -> new Replica());
    }

    /** Whether a forwarded write is to be ordered: it is not, when it has been, or when its caller wants no answer. */
    boolean isNew(LeaderMessage.Forward forward) {
        DuplicateFilter<Ordered> caller = replica(forward.caller()).caller(forward.caller());
        caller.settle(forward.settled());
        return caller.isNew(forward.number());
    }

    /** Whether the caller has had the answer to a forwarded write, once. */
    boolean isSettled(LeaderMessage.Forward forward) {
        return forward.number()
                <= replica(forward.caller()).caller(forward.caller()).settled();
    }

    /** Remembers that a forwarded write is being ordered, or declined. Returns the entry that is to be kept of that. */
    OrderedFor add(LeaderMessage.Forward forward, Dot dot, Version version, boolean isDeclined) {
        Replica replica = replica(forward.caller());
        OrderedFor entry = new OrderedFor(
                forward.caller(),
                forward.number(),
                replica.nextPlace,
                dot,
                version,
                isDeclined ? Optional.of(true) : Optional.empty());
        replica.put(entry);
        return entry;
    }

    /** What has been ordered for a forward; null when nothing is remembered. */
    Ordered find(LeaderMessage.Forward forward) {
        return replica(forward.caller()).caller(forward.caller()).get(forward.number());
    }
}
