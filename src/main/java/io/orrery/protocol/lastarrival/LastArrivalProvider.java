package io.orrery.protocol.lastarrival;

import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.ProtocolType;
import java.util.List;

/** Brings {@link LastArrival}. */
public final class LastArrivalProvider implements ProtocolProvider {
    @Override
    public int contract() {
        return CONTRACT;
    }

    @Override
    public List<ProtocolType> protocols() {
        return List.of(LastArrival.TYPE);
    }
}
