package io.orrery.simulation.oracle;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Version;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ReplicaView;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a replica knows, its clock, and what it shows never go back while it runs. Of several processes with one id only
 * that is judged whose events observers hear: which of them recovers first says nothing of which started last.
 */
final class ForwardClocks extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "clocks-go-forward",
            "While a replica runs, neither its clock goes back, nor what it knows, nor the version of a key that it shows.");

    private final boolean versionsDecide;
    private final int stepsToLook;
    private final Map<NodeId, Seen> seen = new HashMap<>();

    /** What was seen last of a process. */
    private static final class Seen {
        private final ReplicaView process;
        private final Map<Key, Version> shown = new HashMap<>();
        private VersionVector known = VersionVector.EMPTY;
        private long clock;
        private long kept;
        private int steps;
        /** Whose version was shown last, and has to be looked at. */
        private Key applied;

        Seen(ReplicaView process) {
            this.process = process;
        }
    }

    /**
     * @param versionsDecide whether of two writes to a key that with the higher version is shown
     * @param stepsToLook of so many steps that keep something and show nothing one is followed by a look: what has gone back
     *     once stays so
     */
    ForwardClocks(boolean versionsDecide, int stepsToLook, Findings findings) {
        super(NAME, findings);
        this.stepsToLook = stepsToLook;
        this.versionsDecide = versionsDecide;
    }

    @Override
    public void acted(Life life) {
        Seen last = seen.get(life.replica());
        // An input that keeps nothing changes nothing of this.
        if (last == null || !life.isSeenAs(last.process) || last.kept == life.kept() && last.applied == null) {
            return;
        }
        last.kept = life.kept();
        if (last.applied != null && versionsDecide) {
            showsNoLowerVersion(life, last.applied, last.shown.get(last.applied));
        }
        if (last.applied != null || ++last.steps % stepsToLook == 0) {
            compare(life, last);
        }
        last.applied = null;
    }

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        seen.put(at, new Seen(view));
    }

    private void compare(Life life, Seen last) {
        ReplicaStatus status = life.protocol().status();
        VersionVector before = last.known;
        last.known = status.known();
        require(
                last.known.covers(before),
                () -> life.replica() + " knew " + before + " and now knows " + status.known());
        OptionalLong clock = status.lamport();
        long earlier = last.clock;
        last.clock = clock.orElse(earlier);
        require(
                clock.orElse(earlier) >= earlier,
                () -> "the clock of " + life.replica() + " went back from " + earlier + " to " + status.clock());
    }

    private void showsNoLowerVersion(Life life, Key key, Version before) {
        Version now = Shown.version(life.protocol(), key).orElse(null);
        require(
                now != null && now.compareTo(before) >= 0,
                () -> life.replica() + " showed " + key + " at " + before + " and now at " + now);
    }

    @Override
    public void applied(NodeId at, Update update) {
        Seen last = seen.get(at);
        if (last != null) {
            Version before = last.shown.put(update.key(), update.version());
            last.applied = update.key();
            require(
                    !versionsDecide || before == null || update.version().compareTo(before) > 0,
                    () -> at + " applied " + update + " over the newer " + before);
        }
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        require(
                !versionsDecide || by.version().compareTo(update.version()) > 0,
                () -> at + " superseded " + update + " by the older " + by);
    }
}
