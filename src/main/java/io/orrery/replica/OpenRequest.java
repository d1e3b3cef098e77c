package io.orrery.replica;

import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.protocol.Request;

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

    @Override
    public String toString() {
        return request.operation() + " of " + request.client();
    }
}
