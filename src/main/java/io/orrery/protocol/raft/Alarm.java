package io.orrery.protocol.raft;

import io.orrery.protocol.Timer;

/** The timers of a replica. */
enum Alarm implements Timer {
    /** Nothing was heard of a leader for too long, or an election took too long. */
    ELECTION,
    /** Time for heartbeats, or to ask again. */
    TICK,
    /** Time to send again what clients asked and the leader has not answered. */
    RESEND
}
