package io.orrery.live;

import io.orrery.network.Fault;
import io.orrery.network.Links;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Injects faults into a deployment, and ends them, wherever its replicas run. A stage fails with {@link NotDone} if a
 * node that has to act is unreachable or refuses, and with a {@link java.util.concurrent.TimeoutException} if the
 * outcome is unknown.
 */
public interface Laboratory {
    /** All links as they are. */
    CompletionStage<List<Links.LinkState>> links();

    /**
     * Changes links.
     *
     * @return completed with all links when the nodes that can be reached have changed theirs; another changes its own when
     *     it is back
     * @throws IllegalArgumentException when it names a replica that is not there; nothing is changed then
     */
    CompletionStage<List<Links.LinkState>> apply(Fault.OfLinks fault);

    /**
     * Stops a replica, lets it go on, and so on.
     *
     * @return completed when it is done, with the state of the replica then
     * @throws IllegalArgumentException when it names a replica that is not there; nothing is changed then
     */
    CompletionStage<ReplicaState> apply(Fault.OfReplica fault);

    /** A node that has to act is unreachable or cannot do it: nothing has happened. */
    final class NotDone extends RuntimeException {
        public NotDone(String message) {
            super(message);
        }
    }
}
