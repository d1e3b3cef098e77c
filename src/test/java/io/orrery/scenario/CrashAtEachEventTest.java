package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.DiskModel;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.Fault.DiskFailure;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.testkit.protocol.Contract;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @MethodSource("quickAndSlowDisks")
    void whereverAReplicaCrashesNothingAcknowledgedIsLost(ProtocolType protocol, String diskSync) {
        new Contract(protocol).survivesACrashAtEachEvent(diskSync);
    }

    @ParameterizedTest
    @MethodSource("instantAndQuickDisks")
    void wheneverADiskFailsNothingAcknowledgedIsLost(ProtocolType protocol, String diskSync) {
        new Contract(protocol).survivesAFailedDiskAtEachEvent(diskSync);
    }

    /** What is there after the restart that nobody confirmed, and what is read from disk, makes no difference. */
    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "leader-quorum"})
    void whateverADiskDoesNothingAcknowledgedIsLost(String protocol) {
        DiskModel disk = DiskModel.syncing(Delay.parse("2ms"));
        DiskModel kept = disk.withKeptInCrash(0.5).withValuesOver(0).withReplay(Delay.parse("1ms..10ms"));
        Contract contract = new Contract(Protocols.named(protocol));
        contract.survivesAtEachEvent(Fault.Crash::new, kept);
        contract.survivesAtEachEvent(Fault.CutPower::new, disk);
        assertTrue(contract.survivesAtEachEvent(id -> new Fault.FailDisk(id, DiskFailure.SYNC_KEPT), disk) > 50);
        contract.survivesAtEachEvent(id -> new Fault.FailDisk(id, DiskFailure.READ), kept);
    }
}
