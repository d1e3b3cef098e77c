package io.orrery.protocol;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import java.util.List;
import java.util.OptionalLong;
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
 * @param memory what the store takes of it
 */
public record ReplicaStatus(
        String clock,
        VersionVector known,
        int keys,
        int tombstones,
        List<Held> held,
        SortedMap<NodeId, Long> lag,
        Memory memory) {
    /** The clock as a number, where it is a Lamport clock; empty where it is of another kind. */
    public OptionalLong lamport() {
        return !clock.isEmpty() && clock.chars().allMatch(c -> c >= '0' && c <= '9')
                ? OptionalLong.of(Long.parseLong(clock))
                : OptionalLong.empty();
    }

    /**
     * The memory that the store takes: for keys, versions, and those values that are not on disk.
     *
     * @param bytes what it takes now, as it is counted
     * @param limit beyond which clients' writes are refused
     * @param lacksRoom whether peers have writes that were not taken in for want of room, when that was last seen
     */
    public record Memory(long bytes, long limit, boolean lacksRoom) {
        public static final Memory NONE = new Memory(0, ReplicaSettings.Tuning.ANY_BYTES, false);
    }

    /** A write that is held back. */
    public record Held(Update update, String waitsFor) {}
}
