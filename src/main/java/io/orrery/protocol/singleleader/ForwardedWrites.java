package io.orrery.protocol.singleleader;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.protocol.singleleader.LeaderEntry.Taken;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the leader remembers of the writes that others forwarded, so that one that comes twice is ordered once: of each
 * caller those whose answer it may not have yet.
 */
final class ForwardedWrites {
    /** A forwarded write that has been ordered, whether its caller may be told, and whether that is being waited for. */
    static final class Ordered {
        private final Dot dot;
        private final Version version;
        private boolean isAwaited;
        private boolean isDone;

        private Ordered(Dot dot, Version version) {
            this.dot = dot;
            this.version = version;
        }

        Dot dot() {
            return dot;
        }

        Version version() {
            return version;
        }

        /** A leader that crashed has forgotten it: who has the write is found out when its caller asks again. */
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

    private static final class Caller {
        private final long incarnation;
        private final TreeMap<Long, Ordered> open = new TreeMap<>();
        private long settled;

        private Caller(long incarnation) {
            this.incarnation = incarnation;
        }
    }

    private final Map<NodeId, Caller> callers = new HashMap<>();

    void recover(Taken taken) {
        Caller caller = caller(new Origin(taken.caller(), taken.incarnation()));
        if (caller != null) {
            caller.open.put(taken.number(), new Ordered(taken.dot(), taken.version()));
            // What lies so far back has been settled: else the caller would not have gone on.
            settle(caller, taken.number() - LeaderEntry.WINDOW);
        }
    }

    /** The caller's record; null for a caller in an incarnation that is over. */
    private Caller caller(Origin origin) {
        Caller known = callers.get(origin.node());
        if (known == null || known.incarnation < origin.incarnation()) {
            known = new Caller(origin.incarnation());
            callers.put(origin.node(), known);
        }
        return known.incarnation == origin.incarnation() ? known : null;
    }

    /** Whether a forwarded write is to be ordered: it is not, when it has been, or when its caller wants no answer. */
    boolean isNew(LeaderMessage.Forward forward) {
        Caller caller = caller(forward.caller());
        if (caller == null) {
            return false;
        }
        settle(caller, forward.settled());
        return forward.number() > caller.settled && !caller.open.containsKey(forward.number());
    }

    private static void settle(Caller caller, long upTo) {
        if (upTo > caller.settled) {
            caller.settled = upTo;
            caller.open.headMap(upTo, true).clear();
        }
    }

    void add(LeaderMessage.Forward forward, Dot dot, Version version) {
        caller(forward.caller()).open.put(forward.number(), new Ordered(dot, version));
    }

    /** What has been ordered for a forward; null when nothing is remembered. */
    Ordered find(LeaderMessage.Forward forward) {
        Caller caller = caller(forward.caller());
        return caller == null ? null : caller.open.get(forward.number());
    }
}
