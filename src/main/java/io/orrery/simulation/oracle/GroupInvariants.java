package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.protocol.GroupCheck;
import io.orrery.protocol.JournalEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The invariants of a protocol that hold between its replicas. They are watched until disks have lost what no protocol can do
 * without: those of a majority, or one that then has an older state than it had confirmed.
 */
final class GroupInvariants extends Oracle {
    private final GroupCheck check;
    private final Map<NodeId, Integer> lives = new HashMap<>();
    private final Set<NodeId> wiped = new HashSet<>();
    private int replicas = 1;
    private boolean isOver;

    GroupInvariants(Function<GroupCheck.Findings, GroupCheck> check, Findings findings) {
        super(null, findings);
        this.check = check.apply(this::require);
    }

    @Override
    void kept(Life life, JournalEntry entry) {
        if (!isOver && isLatest(life)) {
            check.keeps(life.replica(), entry);
        }
    }

    private boolean isLatest(Life life) {
        return lives.getOrDefault(life.replica(), 0) == life.number();
    }

    @Override
    void acted(Life life) {
        if (isOver || life.number() < lives.getOrDefault(life.replica(), 0)) {
            return; // It has been replaced, or stops.
        }
        if (!isLatest(life)) {
            replicas = life.settings().replicas().size();
            lives.put(life.replica(), life.number());
            check.begins(life.replica());
            life.forEachKept(entry -> check.keeps(life.replica(), entry));
        }
        check.acted(life.replica(), life.protocol());
    }

    @Override
    public void faulted(Fault fault) {
        if (fault instanceof Fault.Wipe wipe) {
            wiped.add(wipe.replica());
            isOver |= wiped.size() > (replicas - 1) / 2;
        } else {
            isOver |= fault instanceof Fault.Twin || Losses.mayLose(fault);
        }
    }
}
