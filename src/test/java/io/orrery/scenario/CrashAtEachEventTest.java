package io.orrery.scenario;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.dissemination.DotInvariants;
import io.orrery.testkit.protocol.Contract;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A crash, or a disk that fails, between any two events of a small world. */
class CrashAtEachEventTest {
    private static Stream<Arguments> each(String... diskSyncs) {
        return Protocols.all().stream()
                .flatMap(protocol -> Stream.of(diskSyncs).map(sync -> Arguments.of(protocol, sync)));
    }

    static Stream<Arguments> quickAndSlowDisks() {
        return each("2ms", "30ms");
    }

    /** A disk that takes no time fails as well. */
    static Stream<Arguments> instantAndQuickDisks() {
        return each("0ms", "2ms");
    }

    private static Contract contract(ProtocolType protocol) {
        return new Contract(protocol, () -> new DotInvariants(protocol));
    }

    @ParameterizedTest
    @MethodSource("quickAndSlowDisks")
    void whereverAReplicaCrashesNothingAcknowledgedIsLost(ProtocolType protocol, String diskSync) {
        contract(protocol).survivesACrashAtEachEvent(diskSync);
    }

    @ParameterizedTest
    @MethodSource("instantAndQuickDisks")
    void wheneverADiskFailsNothingAcknowledgedIsLost(ProtocolType protocol, String diskSync) {
        contract(protocol).survivesAFailedDiskAtEachEvent(diskSync);
    }
}
