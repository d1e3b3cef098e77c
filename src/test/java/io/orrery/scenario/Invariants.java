package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Version;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.dissemination.Write;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.util.HashMap;
import java.util.Map;

/** What must hold after each event of every world, whatever goes wrong in it. */
public final class Invariants implements WorldObserver {
    private final Map<NodeId, ReplicaView> running = new HashMap<>();
    private final Map<NodeId, Object> clocks = new HashMap<>();
    /** What each running replica has shown: a wipe or crash may take back what was not durable, and ends this. */
    private final Map<NodeId, Map<Key, Version>> shown = new HashMap<>();
    /** Every write by its dot, over all lives of all replicas. */
    private final Map<Dot, Write> writes = new HashMap<>();
    /** Every write by its key and version. */
    private final Map<Key, Map<Version, Write>> versions = new HashMap<>();

    private long checks;
    private NodeId lastAppliedAt;
    private Key lastAppliedKey;

    public long checks() {
        return checks;
    }

    @Override
    public void began(World world) {
        world.afterEachEvent(this::check);
    }

    private void check() {
        checks++;
        running.forEach(this::clockNeverGoesBack);
        if (lastAppliedAt != null && running.containsKey(lastAppliedAt)) {
            storeNeverLosesANewerVersion(lastAppliedAt, lastAppliedKey);
        }
    }

    private void clockNeverGoesBack(NodeId replica, ReplicaView view) {
        Object now = view.clock();
        Object before = clocks.put(replica, now);
        assertTrue(
                before == null || isNotBefore(now, before),
                () -> "the clock of " + replica + " went back from " + before + " to " + now);
    }

    private static boolean isNotBefore(Object clock, Object earlier) {
        if (clock instanceof Long time) {
            return time >= (Long) earlier;
        }
        // As people read it: a start that is over may go from it when a later one counts on.
        Map<NodeId, Long> counts = countsOf((VersionVector) clock);
        return countsOf((VersionVector) earlier).entrySet().stream()
                .allMatch(before -> counts.getOrDefault(before.getKey(), 0L) >= before.getValue());
    }

    private static Map<NodeId, Long> countsOf(VersionVector vector) {
        Map<NodeId, Long> counts = new HashMap<>();
        vector.forEach((origin, count) -> counts.merge(origin.node(), count, Math::max));
        return counts;
    }

    private void storeNeverLosesANewerVersion(NodeId replica, Key key) {
        Version before = shown.get(replica).get(key);
        if (before == null) {
            return; // That was in an earlier life.
        }
        Version now = running.get(replica).lookup(key).map(Update::version).orElse(null);
        assertTrue(
                now != null && now.compareTo(before) >= 0,
                () -> replica + " showed " + key + " at " + before + " and now at " + now);
    }

    @Override
    public void applied(NodeId at, Update update) {
        Version before = shown.get(at).put(update.key(), update.version());
        assertTrue(
                before == null || update.version().compareTo(before) > 0,
                () -> at + " applied " + update + " over the newer " + before);
        lastAppliedAt = at;
        lastAppliedKey = update.key();
        isUnique((Write) update);
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        assertTrue(by.version().compareTo(update.version()) > 0, () -> update + " superseded by the older " + by);
        isUnique((Write) update);
    }

    private void isUnique(Write write) {
        Write sameDot = writes.putIfAbsent(write.dot(), write);
        assertTrue(sameDot == null || sameDot.equals(write), () -> write.dot() + " is " + sameDot + " and " + write);
        Write sameVersion =
                versions.computeIfAbsent(write.key(), key -> new HashMap<>()).putIfAbsent(write.version(), write);
        assertTrue(
                sameVersion == null || sameVersion.equals(write), () -> "one version: " + sameVersion + ", " + write);
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
        clocks.remove(at);
    }
}
