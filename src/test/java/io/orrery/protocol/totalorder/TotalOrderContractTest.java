package io.orrery.protocol.totalorder;

import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.ProtocolContract;

class TotalOrderContractTest extends ProtocolContract {
    @Override
    protected ProtocolType type() {
        return TotalOrder.TYPE;
    }

    @Override
    protected int worlds() {
        return 40;
    }
}
