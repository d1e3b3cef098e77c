package org.example.chain;

import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.ProtocolContract;

class ChainContractTest extends ProtocolContract {
    @Override
    protected ProtocolType type() {
        return ChainProvider.TYPE;
    }

    @Override
    protected int worlds() {
        return 60;
    }

    /** Membership is static: a replica that has lost its disk is no member any more. */
    @Override
    protected boolean outlivesLostMemory() {
        return false;
    }
}
