package io.orrery.simulation;

import io.orrery.journal.DiskModel;
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
 * @param pace how fast the replicas are
 * @param conditions what else it shares with live replicas
 */
public record WorldSpec(
        ProtocolType protocol,
        List<NodeId> replicas,
        ProtocolOptions options,
        LinkRule links,
        DiskModel disk,
        ReplicaSettings.Tuning tuning,
        ReplicaLimits limits,
        PaceModel pace,
        Conditions conditions) {
    /**
     * With replicas that take no time, right clocks, {@linkplain Conditions#IDEAL ideal} conditions, and disks of which only
     * the time for a sync is given: {@link DiskModel#syncing}.
     */
    public WorldSpec(
            ProtocolType protocol,
            List<NodeId> replicas,
            ProtocolOptions options,
            LinkRule links,
            Delay diskSync,
            ReplicaSettings.Tuning tuning,
            ReplicaLimits limits) {
        this(
                protocol,
                replicas,
                options,
                links,
                DiskModel.syncing(diskSync),
                tuning,
                limits,
                PaceModel.IDEAL,
                Conditions.IDEAL);
    }

    public WorldSpec {
        replicas = List.copyOf(replicas);
    }

    public WorldSpec withConditions(Conditions changed) {
        return new WorldSpec(protocol, replicas, options, links, disk, tuning, limits, pace, changed);
    }
}
