package io.orrery.bench.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.network.Delay;
import io.orrery.protocol.Protocols;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("process")
@Timeout(120)
class ServedTestbedTest {
    @Test
    void aServerThatCannotBeWarmedUpIsEnded() {
        long before = ProcessHandle.current().children().count();
        Duration longerThanAnybodyCanWait = Duration.ofSeconds(Long.MAX_VALUE);
        TestbedSpec testbedSpec =
                new TestbedSpec(Protocols.named("lamport-lww"), 2, 0, Delay.parse("1ms"), longerThanAnybodyCanWait, 1);
        assertThrows(IllegalStateException.class, () -> ServedTestbed.start(testbedSpec));
        assertEquals(before, ProcessHandle.current().children().count());
    }
}
