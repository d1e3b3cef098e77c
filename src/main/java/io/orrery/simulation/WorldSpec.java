package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.replica.ReplicaLimits;
import java.util.List;

/**
 * What a world is made of.
 *
 * @param links the rule that every link begins with
 * @param diskSync how long a disk takes to sync; with {@link Delay#NONE} everything is durable when it is written
 * @param pace how fast the replicas are
 * @param conditions what else it shares with live replicas
 */
public record WorldSpec(
        ProtocolType protocol,
        List<NodeId> replicas,
        ProtocolOptions options,
        LinkRule links,
        Delay diskSync,
        ReplicaSettings.Tuning tuning,
        ReplicaLimits limits,
        PaceModel pace,
        Conditions conditions) {
    /** With replicas that take no time, right clocks, and {@linkplain Conditions#IDEAL ideal} conditions. */
    public WorldSpec(
            ProtocolType protocol,
            List<NodeId> replicas,
            ProtocolOptions options,
            LinkRule links,
            Delay diskSync,
            ReplicaSettings.Tuning tuning,
            ReplicaLimits limits) {
        this(protocol, replicas, options, links, diskSync, tuning, limits, PaceModel.IDEAL, Conditions.IDEAL);
    }

    public WorldSpec {
        replicas = List.copyOf(replicas);
    }

    public WorldSpec withConditions(Conditions changed) {
        return new WorldSpec(protocol, replicas, options, links, diskSync, tuning, limits, pace, changed);
    }
}
