package io.orrery.protocol.abd;

import io.orrery.testkit.protocol.Contract;
import io.orrery.testkit.protocol.Invariants;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worlds that found something. The whole contract is held by the tests of all protocols in {@code scenario}. */
class AbdWorldsTest {
    /** A peer had a write when it was first heard from, and lost it with its disk: one waited for it for ever. */
    @ParameterizedTest
    @ValueSource(ints = {923, 965})
    void whatAnEarlierStartOfAPeerHadIsNotWaitedFor(int world) {
        new Contract(Abd.TYPE, () -> new Invariants(Abd.TYPE)).staysSound(world, world + 1);
    }
}
