package io.orrery.replica;

import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import io.orrery.protocol.Request;
import java.util.Optional;

/** A client's request at its replica until it is answered, at most once. */
final class OpenRequest implements Request {
    private final ReplicaActor.ClientRequest request;
    private boolean answered;

    OpenRequest(ReplicaActor.ClientRequest request) {
        this.request = request;
    }

    ReplicaActor.ClientRequest message() {
        return request;
    }

    @Override
    public Operation operation() {
        return request.operation();
    }

    @Override
    public String session() {
        return request.session();
    }

    @Override
    public Optional<RequestId> id() {
        return request.name();
    }

    @Override
    public boolean isOpen() {
        return !answered;
    }

    /** Answers the client. Returns false, without an effect, if it has already been answered. */
    boolean answer(Outcome outcome) {
        if (answered) {
            return false;
        }
        answered = true;
        request.answer(outcome);
        return true;
    }

    /** By the number of the request, as the JVM takes longer to make up one for a new object than to answer the request. */
    @Override
    public int hashCode() {
        return Long.hashCode(request.id());
    }

    /** Only a request itself is the same: numbers are the clients'. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public String toString() {
        return request.operation() + " of " + request.client();
    }
}
