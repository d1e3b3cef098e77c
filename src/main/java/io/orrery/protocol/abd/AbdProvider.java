package io.orrery.protocol.abd;

import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.ProtocolType;
import java.util.List;

/** Brings {@code abd}. */
public final class AbdProvider implements ProtocolProvider {
    @Override
    public int contract() {
        return CONTRACT;
    }

    @Override
    public List<ProtocolType> protocols() {
        return List.of(Abd.TYPE);
    }
}
