package io.orrery.simulation.oracle;

import io.orrery.network.Fault;

/** Which faults take from a replica what its disk had confirmed. */
final class Losses {
    private Losses() {}

    /** Whether a disk may have less after the fault than it had confirmed before: so it is of every fault that is not named. */
    static boolean mayLose(Fault fault) {
        return fault instanceof Fault.OfReplica
                && !(fault instanceof Fault.Crash
                        || fault instanceof Fault.Restart
                        || fault instanceof Fault.Pause
                        || fault instanceof Fault.Resume
                        || fault instanceof Fault.Slow
                        || fault instanceof Fault.ClockRate
                        || fault instanceof Fault.ClockJump
                        || fault instanceof Fault.FailDisk
                        || fault instanceof Fault.SlowDisk
                        || fault instanceof Fault.RepairDisk
                        || fault instanceof Fault.Twin);
    }
}
