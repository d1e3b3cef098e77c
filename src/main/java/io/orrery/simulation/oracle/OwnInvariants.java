package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.protocol.NamedInvariant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The invariants of the protocol itself, of which its replicas tell. */
final class OwnInvariants extends Oracle {
    private record Counted(NamedInvariant which, Object of) {}

    /** What one replica has counted, in its last life, and as far as its disk has confirmed it. */
    private static final class Memory {
        private int life;
        /** Lives up to this one tell of a memory that is lost. */
        private int over;
        /** Whether the disk may confirm what it does not write. */
        private boolean isDamaged;
        /** Whether several processes have run as the replica: no disk of theirs is asked for what another has confirmed. */
        private boolean isShared;

        private Map<Counted, Long> now = new HashMap<>();
        private Map<Counted, Long> confirmed = new HashMap<>();
        /** What is confirmed if the replica lives on: what it does while it is struck down does not reach the disk. */
        private Map<Counted, Long> durable = confirmed;

        private long kept = -1;
    }

    private final int stepsToLook;
    private int steps;
    private final Set<NamedInvariant> asked;
    private final Map<NodeId, Memory> memories = new HashMap<>();

    /** @param stepsToLook of so many steps that keep nothing one is followed by a look */
    OwnInvariants(Set<NamedInvariant> asked, int stepsToLook, Findings findings) {
        super(null, findings);
        this.stepsToLook = stepsToLook;
        this.asked = asked;
    }

    @Override
    public void acted(Life life) {
        Memory memory = memories.computeIfAbsent(life.replica(), replica -> new Memory());
        if (life.number() < memory.life || life.number() <= memory.over) {
            return; // It has been replaced, or stops.
        }
        boolean isNew = life.number() > memory.life;
        if (!isNew) {
            memory.confirmed = memory.durable;
        }
        if (isNew) {
            memory.confirmed = memory.isDamaged ? new HashMap<>() : memory.confirmed;
            memory.isDamaged = false;
            memory.life = life.number();
            memory.now = new HashMap<>(memory.confirmed);
        }
        memory.durable = memory.confirmed;
        boolean hasKept = isNew || memory.kept != life.kept();
        memory.kept = life.kept();
        if (!hasKept && ++steps % stepsToLook != 0) {
            return;
        }
        if (hasKept) {
            memory.now = new HashMap<>(memory.now);
        }
        life.protocol().inspect(new Telling() {
            @Override
            public void invariant(NamedInvariant which, boolean holds, Object of) {
                if (!holds && asked.contains(which)) {
                    require(which, false, () -> "it does not hold of " + of + " at " + life.replica());
                }
            }

            @Override
            public void remembers(NamedInvariant which, Object of, long count) {
                if (hasKept && asked.contains(which)) {
                    Long before = memory.now.put(new Counted(which, of), count);
                    require(
                            which,
                            before == null || count >= before,
                            () -> life.replica() + " counted " + before + " of " + of + " and now counts " + count);
                }
            }
        });
        if (scene != null && !memory.isShared && scene.isDurable(life.replica())) {
            memory.durable = memory.now;
        }
    }

    /** What the disk of a replica loses nobody has to remember. */
    @Override
    public void faulted(Fault fault) {
        if (fault instanceof Fault.DamageDisk damage && memories.containsKey(damage.replica())) {
            memories.get(damage.replica()).isDamaged = true;
        }
        if (fault instanceof Fault.Twin twin && memories.containsKey(twin.replica())) {
            // The new process has a copy of what the disk had some time later, and the old one is nobody's business any
            // more.
            Memory memory = memories.get(twin.replica());
            memory.over = memory.life;
            memory.isShared = true;
            memory.confirmed = new HashMap<>();
            memory.durable = memory.confirmed;
        }
        if (fault instanceof Fault.OfReplica of && Losses.mayLose(fault) && memories.containsKey(of.replica())) {
            Memory memory = memories.get(of.replica());
            memory.over = memory.life;
            memory.now = new HashMap<>();
            memory.confirmed = new HashMap<>();
            memory.durable = memory.confirmed;
        }
    }
}
