package io.orrery.protocol.abd;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Version;
import io.orrery.protocol.Request;
import io.orrery.protocol.dissemination.Write;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The first phase of an operation: it asks replicas what they have, until a majority has answered. */
final class Querying {
    private final Request request;
    private final Set<NodeId> answered = new HashSet<>();
    private final Set<NodeId> haveLatest = new HashSet<>();
    private Version latest;
    private Write write;

    Querying(Request request) {
        this.request = request;
    }

    Request request() {
        return request;
    }

    Key key() {
        return request.operation().key();
    }

    /** A replica has answered; it counts once, however often it does. */
    void answered(NodeId by, Optional<Version> version, Optional<Write> whole) {
        if (!answered.add(by)) {
            return;
        }
        Version told = version.orElse(null);
        int order = compare(told, latest);
        if (order > 0) {
            latest = told;
            write = whole.orElse(null);
            haveLatest.clear();
        }
        if (order >= 0) {
            haveLatest.add(by);
        }
    }

    private static int compare(Version one, Version other) {
        if (one == null || other == null) {
            return Boolean.compare(one != null, other != null);
        }
        return one.compareTo(other);
    }

    boolean hasAnswered(NodeId replica) {
        return answered.contains(replica);
    }

    int answers() {
        return answered.size();
    }

    /** The highest version that was seen; null where the key has never been written. */
    Version latest() {
        return latest;
    }

    /** What a read found; null where there is nothing. */
    Write write() {
        return write;
    }

    /** Which of those that answered have the latest version. */
    Set<NodeId> haveLatest() {
        return haveLatest;
    }
}
