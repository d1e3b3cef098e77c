package io.orrery.soak;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures the time until all replicas serve again. */
final class RecoveryMeter {
    /** A recovery that takes longer counts as failed. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** A write without an answer by then is abandoned with an unknown outcome, and another one is tried. */
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
     * The recovery of a round.
     *
     * @param writes the time until a write was acknowledged through each replica, and each replica that takes no writes
     *     was ready
     * @param everywhere the time until all replicas showed these writes
     * @param missing what failed to recover in time, in words; empty if nothing did
     */
    record Healed(Duration writes, Duration everywhere, Optional<String> missing) {}

    /**
     * Measures from now on: writes through each replica until one is acknowledged, then reads these writes at all
     * replicas.
     */
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
