package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.network.Fault;
import io.orrery.protocol.NamedInvariant;
import io.orrery.replica.ReplicaActor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A write with an id is carried out once: of writes that are alike there are no more versions than there were ids and requests without
 * one. Where what a disk had confirmed may be gone, so may be the memory of a request, and nothing is judged from then on.
 */
final class RepeatedRequests extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "a-request-acts-once",
            "A write with a request id is carried out once, however often and wherever it is asked.");

    private record Put(Key key, Optional<Value> value) {}

    private static final class Asked {
        private final Set<String> names = new HashSet<>();
        private final Set<Version> versions = new HashSet<>();
        private int others;
    }

    private final Map<Put, Asked> asked = new HashMap<>();
    private boolean isLost;

    RepeatedRequests(Findings findings) {
        super(NAME, findings);
    }

    @Override
    public void received(NodeId at, ReplicaActor.ClientRequest request) {
        Operation operation = request.operation();
        if (operation instanceof Operation.Read) {
            return;
        }
        Asked alike = asked.computeIfAbsent(new Put(operation.key(), operation.newValue()), put -> new Asked());
        request.name().ifPresentOrElse(id -> alike.names.add(id.name()), () -> alike.others++);
    }

    @Override
    public void faulted(Fault fault) {
        isLost |= fault instanceof Fault.Wipe
                || fault instanceof Fault.Restore
                || fault instanceof Fault.Twin
                || fault instanceof Fault.CutPower
                || fault instanceof Fault.DamageDisk;
    }

    @Override
    public void applied(NodeId at, Update update) {
        Asked alike = asked.get(new Put(update.key(), update.value()));
        if (alike == null || alike.names.isEmpty()) {
            return;
        }
        alike.versions.add(update.version());
        require(
                isLost || alike.versions.size() <= alike.names.size() + alike.others,
                () -> at + " has applied " + update + ", and there are the versions " + alike.versions + " of "
                        + alike.names);
    }
}
