package io.orrery.soak;

import io.orrery.client.RequestFailure;
import io.orrery.clock.VersionVector;
import io.orrery.launch.LaunchFailure;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Injects and ends planned faults. */
final class FaultRunner {
    /** How long a process may take to become ready, even on a busy machine. */
    private static final Duration READY = Duration.ofMinutes(2);
    /** How long it may take until the other replicas have what only one replica has. */
    private static final Duration HANDOVER = Duration.ofSeconds(30);
    /** By then one of two processes of a replica has heard of the other and ended. */
    private static final Duration END_OF_TWIN = Duration.ofSeconds(60);

    private static final Duration GLANCE = Duration.ofMillis(20);

    private final Map<NodeId, Host> hosts;
    private final ReplicaProbe replicaProbe;
    private final SoakWorkload soakWorkload;
    private final NetworkConditions networkConditions;
    private final NodeConfigurations nodeConfigurations;
    private final SoakLog soakLog;
    private final Interruption interruption;
    private final boolean acknowledgesAlone;
    private final DiskFiller disk;

    /**
     * @param acknowledgesAlone whether a write may return once a single replica has it
     * @param disk the disk that a disk-full fault fills; null if there is none
     */
    FaultRunner(
            Map<NodeId, Host> hosts,
            ReplicaProbe replicaProbe,
            SoakWorkload soakWorkload,
            NetworkConditions networkConditions,
            NodeConfigurations nodeConfigurations,
            SoakLog soakLog,
            Interruption interruption,
            boolean acknowledgesAlone,
            DiskFiller disk) {
        this.hosts = hosts;
        this.replicaProbe = replicaProbe;
        this.soakWorkload = soakWorkload;
        this.networkConditions = networkConditions;
        this.nodeConfigurations = nodeConfigurations;
        this.soakLog = soakLog;
        this.interruption = interruption;
        this.acknowledgesAlone = acknowledgesAlone;
        this.disk = disk;
    }

    /** Runs a fault from its beginning to its end. When this returns, the system is expected to recover. */
    void inflict(PlannedFault fault) throws IOException, InterruptedException {
        Host host = hosts.get(fault.replica());
        switch (fault.kind()) {
            case KILL -> {
                Collection<Host> killed = fault.harder() ? hosts.values() : List.of(host);
                killed.forEach(Host::kill);
                last(fault);
                killed.forEach(Host::start);
            }
            case STOP -> {
                host.suspend();
                last(fault);
                host.resume();
            }
            case RESTART -> {
                host.terminate();
                host.start();
            }
            case WIPE -> {
                if (handOver(host)) {
                    host.kill();
                    host.loseData();
                    last(fault);
                    host.start();
                }
            }
            case RESTORE -> {
                Path copy = host.copy();
                last(fault);
                if (handOver(host)) {
                    host.kill();
                    host.putBack(copy);
                    host.start();
                }
            }
            case TWIN -> twin(fault, host);
            case LEADER -> lead(fault.replica());
            case DISK_FULL -> {
                disk.fill();
                last(fault);
                disk.clear();
            }
            case DISK_FAIL -> {
                host.failWrites(true);
                last(fault);
                host.failWrites(false);
            }
            case CLOCK -> {
                host.moveClock(fault.amount());
                if (fault.harder() && handOver(host)) {
                    host.kill();
                    host.loseData();
                    host.start();
                    awaitReady(host);
                }
                last(fault);
                host.moveClock(Duration.ZERO);
            }
            case CUT, DELAY -> {
                relink(fault);
                last(fault);
                networkConditions.clear();
            }
        }
    }

    private void last(PlannedFault fault) throws InterruptedException {
        interruption.await(fault.lasts());
    }

    private void relink(PlannedFault fault) {
        NodeId one = fault.replica();
        if (fault.peer().isPresent()) {
            relink(fault, one, fault.peer().get());
            return;
        }
        hosts.keySet().stream().filter(it -> !it.equals(one)).forEach(other -> {
            relink(fault, one, other);
            relink(fault, other, one);
        });
    }

    private void relink(PlannedFault fault, NodeId from, NodeId to) {
        if (fault.kind() == FaultKind.CUT) {
            networkConditions.cut(from, to);
        } else {
            networkConditions.delay(from, to, fault.amount());
        }
    }

    private void twin(PlannedFault fault, Host host) throws IOException, InterruptedException {
        NodeId faithful = hosts.keySet().stream()
                .filter(it -> !it.equals(host.id()))
                .findFirst()
                .orElseThrow();
        if (fault.harder()) {
            host.suspend();
        }
        Path copy = host.copy();
        host.expectEndOfOne();
        host.startTwin(copy, faithful);
        try {
            host.awaitTwinReady(READY);
        } catch (LaunchFailure e) {
            // The second process heard of the first before it was ready, and ended.
            soakLog.tell("the second process of " + host.id() + " was not ready");
        }
        host.resume();
        last(fault);
        if (!host.awaitEndOfOne(END_OF_TWIN)) {
            soakLog.problem("two processes of " + host.id() + " have run for " + END_OF_TWIN.toSeconds()
                    + " s, and neither has ended");
        }
        host.keepOne();
        host.start();
    }

    private void lead(NodeId next) throws InterruptedException {
        for (Host host : hosts.values()) {
            host.terminate();
        }
        nodeConfigurations.lead(next);
        hosts.values().forEach(Host::start);
    }

    private void awaitReady(Host host) throws InterruptedException {
        try {
            host.awaitReady(READY);
        } catch (LaunchFailure e) {
            soakLog.problem(e.getMessage());
        }
    }

    /**
     * Ensures that the other replicas have what a replica has acknowledged before its disk is lost, since no protocol
     * promises that a write survives the loss of the only disk that has it. If a replica acknowledges alone, the
     * clients avoid it from then on.
     *
     * @return false if the others do not have it in time, or the soak is to end
     */
    private boolean handOver(Host host) throws InterruptedException {
        if (acknowledgesAlone) {
            soakWorkload.avoid(host.id());
        }
        long deadline = System.nanoTime() + HANDOVER.toNanos();
        try {
            VersionVector wanted = replicaProbe.known(host.id());
            while (!interruption.await(GLANCE)) {
                if (replicaProbe.othersHave(host.id(), wanted)) {
                    return true;
                }
                if (System.nanoTime() > deadline) {
                    soakLog.problem("after " + HANDOVER.toSeconds() + " s the others still lack writes of " + host.id()
                            + ", so its disk is kept");
                    return false;
                }
            }
        } catch (RequestFailure e) {
            soakLog.problem(host.id() + " keeps its disk: " + e.getMessage());
        }
        return false;
    }

    /** Ends all faults, and starts the processes that do not run. */
    void endAll() throws IOException, InterruptedException {
        networkConditions.clear();
        soakWorkload.avoidNone();
        if (disk != null) {
            disk.clear();
        }
        for (Host host : hosts.values()) {
            host.resume();
            host.moveClock(Duration.ZERO);
            host.start();
        }
    }
}
