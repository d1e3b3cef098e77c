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
 * How much memory a replica's store may take. Clients' writes are taken up to the limit. Deletes of what is there, and what
 * peers have taken, go on into a reserve: what is under way when the limit is reached finds room there. Beyond that
 * nothing is taken in that makes the store larger; what peers have is fetched when there is room.
 */
final class Room {
    /** The reserve is the limit divided by this. */
    private static final int RESERVE = 8;

    private final NodeId self;
    private final long limit;
    private final WriteStore store;
    private final Effects effects;
    /** The first write of a peer that was not taken in since all was here; null when there was none. */
    private Dot missed;
    /** Whether it makes no sense to fetch anything for a while. */
    private boolean closed;

    Room(ReplicaSettings settings, WriteStore store, Effects effects) {
        this.self = settings.self();
        this.limit = settings.tuning().storeBytes();
        this.store = store;
        this.effects = effects;
    }

    /** Why a write of a client is not taken; empty when it is. */
    Optional<String> refusal(Key key, Optional<Value> value, Dependencies dependencies) {
        long growth = growth(key, value, dependencies);
        boolean mayUseReserve = value.isEmpty() && store.get(key) != null;
        if (growth <= 0 || store.bytes() + growth <= (mayUseReserve ? most() : limit)) {
            return Optional.empty();
        }
        return Optional.of("the store of replica " + self + " is full: it takes " + store.bytes() + " of " + limit
                + " bytes of memory (store-size), and this needs " + growth
                + " more; reads and deletes of what is there go on");
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
        return Kept.heapBytes(key, value, dependencies, effects.values()) - store.bytesOf(key);
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

    /** Whether it makes no sense to fetch anything for now: it would find no room again. */
    boolean isClosed() {
        return closed;
    }

    ReplicaStatus.Memory status() {
        return new ReplicaStatus.Memory(store.bytes(), limit, isLacking());
    }
}
