package io.orrery.bench.experiment;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures operations as their clients see them: from the first request to the last answer, the ways between included, also
 * where a client asks again, or asks the leader after a follower has refused.
 */
final class OperationMeter implements WorldObserver {
    private final Consumer<Measured> listener;
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private World world;

    /**
     * What became of an operation.
     *
     * @param via the replica that was asked first
     * @param wasUp whether that replica was up then
     * @param began when, in nanoseconds
     * @param isAnswered whether it was done, and not refused or left unknown
     */
    record Measured(
            String client, NodeId via, boolean wasUp, boolean isRead, long began, long ended, boolean isAnswered) {
        long nanos() {
            return ended - began;
        }
    }

    private static final class Pending {
        private final NodeId via;
        private final boolean wasUp;
        private final Operation operation;
        private final long began;
        private long ended;

        Pending(NodeId via, boolean wasUp, Operation operation, long began) {
            this.via = via;
            this.wasUp = wasUp;
            this.operation = operation;
            this.began = began;
            this.ended = began;
        }
    }

    /** @param listener is told of each operation, when it is certain that nothing more comes of it */
    OperationMeter(Consumer<Measured> listener) {
        this.listener = listener;
    }

    @Override
    public void began(World begun) {
        world = begun;
        pending.clear();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The same request, made again, is the same object; the next may be equal.
    public void invoked(String client, NodeId via, Operation operation) {
        Pending last = pending.get(client);
        if (last != null && last.operation == operation) {
            return;
        }
        finish(client, false);
        pending.put(client, new Pending(via, world.views().containsKey(via), operation, world.nowNanos()));
    }

    @Override
    public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
        Pending last = pending.get(client);
        if (last == null) {
            return; // What comes while the world ends is not measured.
        }
        last.ended = world.nowNanos();
        if (outcome instanceof Outcome.Done) {
            finish(client, true);
        }
    }

    @Override
    public void ended() {
        pending.keySet().stream().toList().forEach(client -> finish(client, false));
    }

    private void finish(String client, boolean isAnswered) {
        Pending last = pending.remove(client);
        if (last != null) {
            boolean isRead = last.operation instanceof Operation.Read;
            listener.accept(new Measured(client, last.via, last.wasUp, isRead, last.began, last.ended, isAnswered));
        }
    }
}
