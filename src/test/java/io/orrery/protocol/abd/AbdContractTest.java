package io.orrery.protocol.abd;

import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.Contract;
import io.orrery.testkit.protocol.ProtocolContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbdContractTest extends ProtocolContract {
    @Override
    protected ProtocolType type() {
        return Abd.TYPE;
    }

    @Override
    protected int worlds() {
        return 40;
    }

    /** A peer had a write when it was first heard from, and lost it with its disk: one waited for it for ever. */
    @ParameterizedTest
    @ValueSource(ints = {923, 965})
    void whatAnEarlierStartOfAPeerHadIsNotWaitedFor(int world) {
        new Contract(type(), this::invariants).staysSound(world, world + 1);
    }
}
