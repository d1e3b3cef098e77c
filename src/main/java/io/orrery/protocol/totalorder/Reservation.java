package io.orrery.protocol.totalorder;

import io.orrery.model.Operation.CompareAndSet;
import io.orrery.protocol.Request;

/**
 * A time that a replica keeps free for the write of a compare-and-set. Until it is known whether that matches, the replica tells no
 * time that is not earlier. So all others wait for it there; and once no other write can come that is earlier, it is known.
 */
record Reservation(Request request, long time) {
    CompareAndSet operation() {
        return (CompareAndSet) request.operation();
    }
}
