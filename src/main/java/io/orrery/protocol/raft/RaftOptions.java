package io.orrery.protocol.raft;

import io.orrery.protocol.ProtocolOption;
import java.time.Duration;

/** The options of the protocol. */
final class RaftOptions {
    static final ProtocolOption<Duration> ELECTION_TIMEOUT = ProtocolOption.duration(
            "election-timeout",
            "how long a leader may go unheard, at the least; at the most twice as long",
            Duration.ofMillis(10),
            Duration.ofMinutes(1),
            Duration.ofMillis(500));

    static final ProtocolOption<Duration> HEARTBEAT = ProtocolOption.duration(
            "heartbeat",
            "how often a leader shows that it is there",
            Duration.ofMillis(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(100));

    static final ProtocolOption<Integer> SNAPSHOT_THRESHOLD = ProtocolOption.integer(
            "snapshot-threshold", "after how many entries a replica makes a snapshot of its log", 1, 4_000, 1_000);

    private RaftOptions() {}
}
