package io.orrery.outside;

import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.ProtocolContract;

/** The multi-master family is extended from another package. */
class OutsideClockTest extends ProtocolContract {
    @Override
    protected ProtocolType type() {
        return OutsideClock.TYPE;
    }

    @Override
    protected int worlds() {
        return 40;
    }
}
