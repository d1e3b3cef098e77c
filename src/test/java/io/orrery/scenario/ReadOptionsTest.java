package io.orrery.scenario;

import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolOption;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.abd.Abd;
import io.orrery.protocol.totalorder.TotalOrder;
import io.orrery.testkit.protocol.Contract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads that an option makes another kind keep what is promised of them, in generated worlds. */
class ReadOptionsTest {
    private static final int WORLDS = 60;

    private static ProtocolType reading(ProtocolType type, ProtocolOption<String> option, String choice) {
        return type.variant(
                        type.name(),
                        type.summary(),
                        (settings, effects) -> type.create(
                                new ReplicaSettings(
                                        settings.self(),
                                        settings.replicas(),
                                        settings.options().with(option, choice),
                                        settings.tuning()),
                                effects))
                .promising(Promises.toMoving("linearizable", "converged"));
    }

    static Stream<ProtocolType> linearizable() {
        return List.of(reading(Abd.TYPE, Abd.READ, "fast"), reading(TotalOrder.TYPE, TotalOrder.READ, "ordered"))
                .stream();
    }

    @ParameterizedTest
    @MethodSource("linearizable")
    void theyAreLinearizable(ProtocolType type) {
        new Contract(type).keepsItsPromises(WORLDS);
    }

    @ParameterizedTest
    @MethodSource("linearizable")
    void alsoWhereClientsCompareAndSet(ProtocolType type) {
        new Contract(type).comparesAndSets(WORLDS / 4);
    }
}
