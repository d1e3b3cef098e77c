package io.orrery.protocol;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * The state of a replica for people and checks.
 *
 * @param clock the logical clock, as the protocol prints it
 * @param known which writes the replica has
 * @param keys how many keys it holds, tombstones not counted
 * @param tombstones how many deleted keys it remembers
 * @param held buffered writes, with what each waits for
 * @param lag for each peer, how many writes of this replica it lacked when last heard from
 * @param memory the memory of the store
 * @param facts what only its protocol has, such as a role or a term, by name: text or whole numbers, in the order in which people
 *     read them
 */
public record ReplicaStatus(
        String clock,
        VersionVector known,
        int keys,
        int tombstones,
        List<Buffered> held,
        SortedMap<NodeId, Long> lag,
        Memory memory,
        Map<String, Object> facts) {
    public ReplicaStatus {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** Of a protocol that has no facts of its own. */
    public ReplicaStatus(
            String clock,
            VersionVector known,
            int keys,
            int tombstones,
            List<Buffered> held,
            SortedMap<NodeId, Long> lag,
            Memory memory) {
        this(clock, known, keys, tombstones, held, lag, memory, Collections.emptyMap());
    }

    /** The same with such facts. */
    public ReplicaStatus with(Map<String, Object> own) {
        return new ReplicaStatus(clock, known, keys, tombstones, held, lag, memory, own);
    }

    /** The clock as a number if it is a Lamport clock; otherwise empty. */
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

    /** A buffered write. */
    public record Buffered(Update update, String waitsFor) {}
}
