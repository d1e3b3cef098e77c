package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import java.util.Optional;

/**
 * The memory limit of a replica's store. Clients' writes are accepted up to the limit. Deletes of existing keys, and
 * writes that peers have accepted, may use a reserve, so that writes in flight when the limit is reached find room.
 * Beyond it nothing is applied that grows the store; it is fetched when there is room.
 */
final class StoreQuota {
    /** The reserve is the limit divided by this. */
    private static final int RESERVE = 8;

    private final NodeId self;
    private final long limit;
    private final WriteStore store;
    private final Effects effects;
    /** The first write of a peer that was not taken in since all was here; null when there was none. */
    private Dot missed;
    /** Whether fetching is suspended. */
    private boolean closed;

    StoreQuota(ReplicaSettings settings, WriteStore store, Effects effects) {
        this.self = settings.self();
        this.limit = settings.tuning().storeBytes();
        this.store = store;
        this.effects = effects;
    }

    /** Why a client's write is refused; empty if it is accepted. */
    Optional<String> refusal(Key key, Optional<Value> value, Dependencies dependencies) {
        if (fitsAnyway(key, value, dependencies, limit)) {
            return Optional.empty();
        }
        long growth = growth(key, value, dependencies);
        boolean mayUseReserve = value.isEmpty() && store.get(key) != null;
        if (growth <= 0 || store.bytes() + growth <= (mayUseReserve ? most() : limit)) {
            return Optional.empty();
        }
        return Optional.of("the store of replica " + self + " is full: it takes " + store.bytes() + " of " + limit
                + " bytes of memory (store-size), and this needs " + growth
                + " more; reads and deletes of what is there go on");
    }

    /** Whether a write that a peer has, or has answered its client for, may be taken in. */
    boolean isFor(Key key, Optional<Value> value, Dependencies dependencies) {
        return fitsAnyway(key, value, dependencies, most()) || isFor(growth(key, value, dependencies));
    }

    /** Whether there is room even if the write replaces nothing: mostly so, and then nobody has to look what it replaces. */
    private boolean fitsAnyway(Key key, Optional<Value> value, Dependencies dependencies, long most) {
        return store.bytes() + StoredWrite.heapBytes(key, value, dependencies, effects.values()) <= most;
    }

    /** Whether what peers have may make the store larger by so much. */
    boolean isFor(long growth) {
        return growth <= 0 || store.bytes() + growth <= most();
    }

    /** By how much a write would make the store larger. */
    long growth(Write write) {
        return growth(write.key(), write.value(), write.dependencies());
    }

    long growth(Key key, Optional<Value> value, Dependencies dependencies) {
        return StoredWrite.heapBytes(key, value, dependencies, effects.values()) - store.bytesOf(key);
    }

    private long most() {
        return limit + limit / RESERVE;
    }

    /** A write of a peer has found no room. */
    void lacksFor(Write write) {
        if (!isLacking()) {
            missed = write.dot();
            effects.lacksRoom(write);
        }
        closed = true;
    }

    /** Whether something of a peer's was not taken in, and is not here yet. */
    private boolean isLacking() {
        return missed != null && !store.logs().knows(missed);
    }

    /** Some time has passed, in which something may have been deleted. */
    void open() {
        closed = false;
    }

    /** Whether fetching is suspended, because it would find no room again. */
    boolean isClosed() {
        return closed;
    }

    ReplicaStatus.Memory status() {
        return new ReplicaStatus.Memory(store.bytes(), limit, isLacking());
    }
}
