package io.orrery.protocol.totalorder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.testkit.protocol.Contract;
import io.orrery.testkit.protocol.Invariants;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worlds that found something. The whole contract is held by the tests of all protocols in {@code scenario}. */
class TotalOrderWorldsTest {
    /**
     * A write that this replica's own had superseded was taken for shown, so that a key showed the one before (1634); and what a
     * new replica got before it had a vote was shown at once (613).
     */
    @ParameterizedTest
    @ValueSource(ints = {613, 1634})
    void whatDoesNotComeAlongIsWaitedFor(int world) {
        Contract contract = new Contract(TotalOrder.TYPE, () -> new Invariants(TotalOrder.TYPE));
        assertEquals(Map.of(), contract.problems(world, world + 1));
    }
}
