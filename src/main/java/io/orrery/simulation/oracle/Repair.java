package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.network.Links;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.util.HashSet;
import java.util.Set;

/** Whether all that faults have done in a world is repaired. To be told of all its events. */
public final class Repair implements WorldObserver {
    private final Set<NodeId> paused = new HashSet<>();
    private World world;

    @Override
    public void began(World begun) {
        world = begun;
    }

    @Override
    public void paused(NodeId at) {
        paused.add(at);
    }

    @Override
    public void resumed(NodeId at) {
        paused.remove(at);
    }

    @Override
    public void stopped(NodeId at) {
        paused.remove(at);
    }

    /** The world; null before it has begun. */
    public World world() {
        return world;
    }

    /** Whether all replicas run, and messages of all sorts pass between them, though some may be lost. */
    public boolean isComplete() {
        return world.views().size() == world.spec().replicas().size()
                && paused.isEmpty()
                && world.links().states().stream().allMatch(Repair::passes);
    }

    private static boolean passes(Links.LinkState link) {
        return !link.partitioned()
                && !link.rule().cut()
                && link.rule().loss() < 1
                && link.special().stream()
                        .allMatch(it -> !it.change().cut().orElse(false)
                                && it.change().loss().orElse(0.0) < 1);
    }
}
