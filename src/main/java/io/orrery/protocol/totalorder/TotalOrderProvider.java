package io.orrery.protocol.totalorder;

import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.ProtocolType;
import java.util.List;

/** Brings {@code total-order}. */
public final class TotalOrderProvider implements ProtocolProvider {
    @Override
    public int contract() {
        return CONTRACT;
    }

    @Override
    public List<ProtocolType> protocols() {
        return List.of(TotalOrder.TYPE);
    }
}
