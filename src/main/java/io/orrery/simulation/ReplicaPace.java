package io.orrery.simulation;

import io.orrery.loop.Pace;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.SeededRandom;
import java.util.HashMap;
import java.util.Map;

/** The pace of the replicas of a world, each with draws of its own. */
final class ReplicaPace implements Pace {
    private final Map<String, Replica> replicas = new HashMap<>();
    private final Delay late;

    private static final class Replica {
        private final SeededRandom random;
        private double clock;
        private Delay handling;

        Replica(SeededRandom random, double clock, Delay handling) {
            this.random = random;
            this.clock = clock;
            this.handling = handling;
        }
    }

    ReplicaPace(WorldSpec spec, long seed) {
        PaceModel model = spec.pace();
        late = model.late();
        for (NodeId id : spec.replicas()) {
            replicas.put(
                    id.name(),
                    new Replica(
                            SeededRandom.stream(seed, "pace/" + id),
                            model.clocks().getOrDefault(id, 1.0),
                            model.handling().getOrDefault(id, Delay.NONE)));
        }
    }

    /** Changes how long a replica is busy with each message from now on. */
    void setHandling(NodeId replica, Delay handling) {
        replicas.get(replica.name()).handling = handling;
    }

    /** Changes how fast a replica's clock runs, for the timers that are set from now on. */
    void setClock(NodeId replica, double rate) {
        replicas.get(replica.name()).clock = rate;
    }

    /** Whether an actor is a life of this replica. */
    boolean isOf(NodeId replica, String actor) {
        return replicaOf(actor) == replicas.get(replica.name());
    }

    @Override
    public long handling(String actor) {
        Replica replica = replicaOf(actor);
        return replica == null || replica.handling == Delay.NONE ? 0 : replica.handling.sampleNanos(replica.random);
    }

    @Override
    public long timer(String actor, long asked) {
        Replica replica = replicaOf(actor);
        if (replica == null) {
            return asked;
        }
        // A time that is left is not none: who asks for the rest of it again and again would stay at one instant for
        // ever.
        long byItsClock = replica.clock == 1 ? asked : Math.max(Math.min(asked, 1), (long) (asked / replica.clock));
        return late == Delay.NONE ? byItsClock : byItsClock + late.sampleNanos(replica.random);
    }

    /** The replica that runs as an actor, whose name tells which of its lives that is; null if it is no replica. */
    private Replica replicaOf(String actor) {
        String name = actor.substring(actor.lastIndexOf('/') + 1);
        int life = name.lastIndexOf('-');
        return life < 0 ? null : replicas.get(name.substring(0, life));
    }
}
