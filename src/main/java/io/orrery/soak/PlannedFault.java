package io.orrery.soak;

import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * One round of a soak: a calm period, then a fault until its end.
 *
 * @param round from 1
 * @param calm the time without faults before it
 * @param replica the replica that it affects; for a leader change the new leader
 * @param peer for a cut or a delay of one link: the receiving replica of that link
 * @param lasts the length of the fault
 * @param amount for a delay its length; for a moved clock the offset, which may be negative
 * @param harder for a kill: all at once; for a twin: the first process is suspended until the second is ready; for a
 *     moved clock: the disk is lost meanwhile
 */
public record PlannedFault(
        int round,
        Duration calm,
        FaultKind kind,
        NodeId replica,
        Optional<NodeId> peer,
        Duration lasts,
        Duration amount,
        boolean harder) {

    @Override
    public String toString() {
        String where = peer.map(to -> replica + " -> " + to).orElse("all links of " + replica);
        String time = " for " + Durations.format(lasts);
        return switch (kind) {
            case KILL -> "kill " + (harder ? "all" : replica) + ", down" + time;
            case STOP -> "stop " + replica + time;
            case RESTART -> "restart " + replica;
            case WIPE -> "wipe " + replica + ", down" + time;
            case RESTORE -> "restore " + replica + " to what it was " + Durations.format(lasts) + " before";
            case TWIN ->
                "twin of " + replica + time
                        + (harder ? ", the first of which is stopped until the second is ready" : "");
            case LEADER -> "leader " + replica;
            case DISK_FULL -> "disk of " + replica + " is full" + time;
            case DISK_FAIL -> "disk of " + replica + " fails" + time;
            case CLOCK ->
                "clock of " + replica + " moves by " + move() + time + (harder ? ", and its disk is lost" : "");
            case CUT -> "cut " + where + time;
            case DELAY -> "delay " + where + " by " + Durations.format(amount) + time;
        };
    }

    private String move() {
        return amount.toDays() == 0 ? Durations.format(amount) : amount.toDays() + " days";
    }
}
