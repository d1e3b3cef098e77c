package io.orrery.protocol;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import java.util.List;
import java.util.SortedMap;

/**
 * What people and checks want to know of a replica.
 *
 * @param clock the logical clock, as the protocol prints it
 * @param known which writes the replica has
 * @param keys how many keys it holds, tombstones not counted
 * @param tombstones how many deleted keys it remembers
 * @param held writes that it holds back, with what each waits for
 * @param lag for each peer, how many writes this replica has that the peer, when last heard of, had not
 */
public record ReplicaStatus(
        String clock, VersionVector known, int keys, int tombstones, List<Held> held, SortedMap<NodeId, Long> lag) {
    /** A write that is held back. */
    public record Held(Update update, String waitsFor) {}
}
