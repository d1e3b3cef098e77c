package io.orrery.protocol.multimaster;

import io.orrery.protocol.Effects;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ProtocolType.Leadership;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Replication;

/**
 * Lamport clocks and last writer wins. A write is shown when it arrives. Of two writes to a key the one with the higher
 * Lamport time wins; at the same time, the one of the alphabetically later node.
 *
 * <p>The events of the clock are writes and their arrivals; reads are none. Source: Lamport, CACM 1978; the lab "Logical
 * clocks and replication consistency".
 */
public final class LamportLww extends LamportVersioned {
    public static final ProtocolType TYPE = new ProtocolType(
            "lamport-lww",
            "every replica takes writes; the highest Lamport timestamp wins",
            Promises.toStaying("read-your-writes", "monotonic-reads", "converged"),
            Leadership.NONE,
            Replication.VOCABULARY,
            LamportLww::new);

    public LamportLww(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }
}
