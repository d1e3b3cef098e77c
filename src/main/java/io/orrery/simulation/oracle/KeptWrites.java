package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolType;
import io.orrery.replica.ReplicaActor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was acknowledged is everywhere in the end, if any disk still has it. */
final class KeptWrites extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "acknowledged-stays",
            "In the end each store shows each acknowledged write that a disk still has, or a later one of its key.");

    private record Acknowledged(Key key, Version version) {}

    private final ProtocolType type;
    private final List<Acknowledged> all = new ArrayList<>();

    KeptWrites(ProtocolType type, Findings findings) {
        super(NAME, findings);
        this.type = type;
    }

    @Override
    public void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {
        if (CountedDisks.isWrite(request.operation())
                && outcome instanceof Outcome.Done done
                && done.status() == Outcome.Status.APPLIED) {
            all.add(new Acknowledged(request.operation().key(), done.version().orElse(null)));
        }
    }

    @Override
    public void rests() {
        Disks disks = new Disks(scene, type);
        for (Acknowledged write : all) {
            scene.views().forEach((replica, view) -> {
                Optional<Version> shown = Shown.version(view, write.key());
                boolean isThere = shown.filter(it -> write.version() == null || it.compareTo(write.version()) >= 0)
                        .isPresent();
                require(
                        isThere
                                || scene.replicas().stream()
                                        .noneMatch(it -> disks.have(it, write.key(), write.version())),
                        () -> replica + " shows " + write.key() + " at "
                                + shown.map(Version::toString).orElse("no version") + ", and " + write.version()
                                + " was acknowledged");
            });
        }
    }
}
