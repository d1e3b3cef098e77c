package io.orrery.protocol.totalorder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.Contract;
import io.orrery.testkit.protocol.ProtocolContract;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TotalOrderContractTest extends ProtocolContract {
    @Override
    protected ProtocolType type() {
        return TotalOrder.TYPE;
    }

    @Override
    protected int worlds() {
        return 40;
    }

    /**
     * A write that this replica's own had superseded was taken for shown, so that a key showed the one before (1634); and what a
     * new replica got before it had a vote was shown at once (613).
     */
    @ParameterizedTest
    @ValueSource(ints = {613, 1634})
    void whatDoesNotComeAlongIsWaitedFor(int world) {
        assertEquals(Map.of(), new Contract(type(), this::invariants).problems(world, world + 1));
    }
}
