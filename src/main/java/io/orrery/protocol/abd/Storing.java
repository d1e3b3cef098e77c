package io.orrery.protocol.abd;

import io.orrery.model.NodeId;
import io.orrery.protocol.dissemination.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The second phase: a write is at more and more replicas, until a majority has it. Operations that wait for one write share it. */
final class Storing {
    private final Write write;
    private final Set<NodeId> have = new HashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(BooleanSupplier isOpen, Runnable whenEnough) {}

    Storing(Write write) {
        this.write = write;
    }

    Write write() {
        return write;
    }

    void await(BooleanSupplier isOpen, Runnable whenEnough) {
        waiting.add(new Waiting(isOpen, whenEnough));
    }

    /** Whether somebody still waits. */
    boolean isOpen() {
        return waiting.stream().anyMatch(it -> it.isOpen().getAsBoolean());
    }

    /** A replica counts once, however often it says that it has the write. */
    void isAt(NodeId replica) {
        have.add(replica);
    }

    boolean hasIt(NodeId replica) {
        return have.contains(replica);
    }

    int copies() {
        return have.size();
    }

    void isEnough() {
        waiting.forEach(it -> it.whenEnough().run());
    }
}
