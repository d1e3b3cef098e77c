package io.orrery.protocol.multimaster;

import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;

/** As {@link LamportLww}, but versions do not name who made them: of two with the same time the first to come stays. */
public final class NoTieBreak extends LamportVersioned {
    public static final ProtocolType TYPE = new ProtocolType(
            "lamport-lww: no tie-break",
            "a planted bug",
            LamportLww.TYPE.promises(),
            LamportLww.TYPE.kinds(),
            NoTieBreak::new);

    private NoTieBreak(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    @Override
    protected Version nextVersion() {
        return new Version(
                super.nextVersion().counter(), new Origin(settings.replicas().get(0), 0));
    }
}
