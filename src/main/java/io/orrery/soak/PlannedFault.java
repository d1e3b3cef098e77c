package io.orrery.soak;

import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * One round of a soak: a calm, then a fault, then its end.
 *
 * @param round from 1
 * @param calm how long nothing happens before it
 * @param replica the one that it happens to; of a change of leaders the new one
 * @param peer of a cut or a delay, where it is of one link, the replica that this link leads to
 * @param lasts how long until it ends
 * @param amount of a delay, how long; of a moved clock, by how much, which may be negative
 * @param harder of a kill, all at once; of a twin, the first process is stopped until the second is ready; of a moved
 *     clock, the disk is lost meanwhile
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
