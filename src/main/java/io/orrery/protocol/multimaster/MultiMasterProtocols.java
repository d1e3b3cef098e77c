package io.orrery.protocol.multimaster;

import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.ProtocolType;
import java.util.List;

/** The protocols in which every replica takes writes. */
public final class MultiMasterProtocols implements ProtocolProvider {
    @Override
    public int contract() {
        return CONTRACT;
    }

    @Override
    public List<ProtocolType> protocols() {
        return List.of(LamportLww.TYPE, VectorCausal.TYPE, Cops.TYPE);
    }
}
