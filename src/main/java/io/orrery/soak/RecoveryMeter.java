package io.orrery.soak;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures the time until all replicas serve again. */
final class RecoveryMeter {
    /** What takes longer has not healed. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** A write that is not answered by then is given up, and another one is tried: its outcome stays unknown. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration GLANCE = Duration.ofMillis(10);

    private final Map<NodeId, Host> hosts;
    private final ReplicaProbe replicaProbe;
    private final SoakWorkload soakWorkload;
    private final Interruption interruption;

    RecoveryMeter(
            Map<NodeId, Host> hosts, ReplicaProbe replicaProbe, SoakWorkload soakWorkload, Interruption interruption) {
        this.hosts = hosts;
        this.replicaProbe = replicaProbe;
        this.soakWorkload = soakWorkload;
        this.interruption = interruption;
    }

    /**
     * How a round ended.
     *
     * @param writes until a write was acknowledged through each replica, and each that takes none was ready
     * @param everywhere until all replicas showed these writes
     * @param missing what has not come in time, in words; empty when all has
     */
    record Healed(Duration writes, Duration everywhere, Optional<String> missing) {}

    /** Writes through each replica until that is acknowledged, and then reads it at all. From now on. */
    Healed measure() throws InterruptedException {
        long began = System.nanoTime();
        List<SoakWorkload.Probe> acknowledged = new ArrayList<>();
        for (NodeId id : hosts.keySet()) {
            if (!awaitWrite(id, began, acknowledged)) {
                return new Healed(since(began), since(began), Optional.of("no write is acknowledged through " + id));
            }
        }
        Duration writes = since(began);
        for (SoakWorkload.Probe probe : acknowledged) {
            for (NodeId id : hosts.keySet()) {
                if (!awaitKey(id, probe, began)) {
                    String missing =
                            id + " does not show " + probe.key() + ", which was written through " + probe.via();
                    return new Healed(writes, since(began), Optional.of(missing));
                }
            }
        }
        return new Healed(writes, since(began), Optional.empty());
    }

    private boolean awaitWrite(NodeId id, long began, List<SoakWorkload.Probe> acknowledged)
            throws InterruptedException {
        while (isInTime(began)) {
            SoakWorkload.Probe probe = soakWorkload.probe(id, PATIENCE).orElse(null);
            if (probe != null && probe.isDone()) {
                acknowledged.add(probe);
                return true;
            }
            if (probe != null && probe.isRefusedByFollower() && replicaProbe.isReady(id)) {
                return true;
            }
            interruption.await(GLANCE);
        }
        return false;
    }

    private boolean awaitKey(NodeId id, SoakWorkload.Probe probe, long began) throws InterruptedException {
        while (isInTime(began)) {
            if (replicaProbe.shows(id, probe.key())) {
                return true;
            }
            interruption.await(GLANCE);
        }
        return false;
    }

    private boolean isInTime(long began) {
        return since(began).compareTo(LIMIT) < 0 && !interruption.isDone();
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
