package io.orrery.testkit.protocol;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Version;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaView;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Invariants that hold after each event of a world, for any protocol; a violation is an {@link AssertionError} at that
 * event.
 *
 * <ul>
 *   <li>A running replica does not forget: its summary only grows, and so does its clock if it is a number.
 *   <li>A version belongs to one write: two updates of a key with the same version have the same value.
 *   <li>Where the protocol converges, a replica that shows a version of a key never goes back to a lower one, and an
 *     update that it does not show is lower than the one that it does.
 * </ul>
 *
 * <p>One for each world. A protocol with invariants of its own extends it, and is told of each event by {@link #check}.
 */
public class Invariants implements WorldObserver {
    private final boolean versionsDecide;
    protected final Map<NodeId, ReplicaView> running = new TreeMap<>();
    private final Map<NodeId, VersionVector> known = new HashMap<>();
    private final Map<NodeId, Long> clocks = new HashMap<>();
    /** What each running replica has shown: a wipe or crash may take back what was not durable, and ends this. */
    private final Map<NodeId, Map<Key, Version>> shown = new HashMap<>();

    private final Map<Key, Map<Version, Update>> updates = new HashMap<>();

    private long checks;
    private Update lastApplied;
    private NodeId lastAppliedAt;

    public Invariants(ProtocolType protocol) {
        this(protocol.converges());
    }

    /** @param versionsDecide whether of two writes to a key that with the higher version is shown */
    public Invariants(boolean versionsDecide) {
        this.versionsDecide = versionsDecide;
    }

    /** How many events there have been, so that a test can tell that there were any. */
    public final long checks() {
        return checks;
    }

    @Override
    public final void began(World world) {
        world.afterEachEvent(() -> {
            checks++;
            check();
        });
    }

    /** Called after each event of the world. */
    protected void check() {
        if (lastApplied != null && running.containsKey(lastAppliedAt)) {
            onlyGrows(lastAppliedAt, running.get(lastAppliedAt));
            if (versionsDecide) {
                showsNoLowerVersion(lastAppliedAt, lastApplied.key());
            }
        }
        lastApplied = null;
    }

    private void onlyGrows(NodeId replica, ReplicaView view) {
        VersionVector now = view.status().known();
        VersionVector before = known.put(replica, now);
        require(before == null || now.covers(before), () -> replica + " knew " + before + " and now knows " + now);
        OptionalLong clock = view.status().lamport();
        if (clock.isPresent()) {
            Long earlier = clocks.put(replica, clock.getAsLong());
            require(
                    earlier == null || earlier <= clock.getAsLong(),
                    () -> "the clock of " + replica + " went back from " + earlier + " to " + clock.getAsLong());
        }
    }

    private void showsNoLowerVersion(NodeId replica, Key key) {
        Version before = shown.get(replica).get(key);
        if (before == null) {
            return; // That was in an earlier life.
        }
        Version now = running.get(replica).lookup(key).map(Update::version).orElse(null);
        require(
                now != null && now.compareTo(before) >= 0,
                () -> replica + " showed " + key + " at " + before + " and now at " + now);
    }

    @Override
    public void applied(NodeId at, Update update) {
        Version before = shown.get(at).put(update.key(), update.version());
        require(
                !versionsDecide || before == null || update.version().compareTo(before) > 0,
                () -> at + " applied " + update + " over the newer " + before);
        lastApplied = update;
        lastAppliedAt = at;
        isTheOnlyOne(update);
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        require(
                !versionsDecide || by.version().compareTo(update.version()) > 0,
                () -> update + " superseded by the older " + by);
        isTheOnlyOne(update);
    }

    private void isTheOnlyOne(Update update) {
        Update other =
                updates.computeIfAbsent(update.key(), key -> new HashMap<>()).putIfAbsent(update.version(), update);
        require(
                other == null || other.value().equals(update.value()),
                () -> "two writes with one version: " + other + " and " + update);
    }

    /** @throws AssertionError with this message if it does not hold */
    protected static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        running.put(at, view);
        shown.put(at, new HashMap<>());
    }

    @Override
    public void stopped(NodeId at) {
        running.remove(at);
        shown.remove(at);
        known.remove(at);
        clocks.remove(at);
    }
}
