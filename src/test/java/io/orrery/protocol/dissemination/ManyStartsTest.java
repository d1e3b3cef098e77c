package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.protocol.dissemination.DisseminationMessage.Digest;
import io.orrery.testkit.protocol.TimedNet.Rule;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A replica that starts again and again, and writes each time: its starts do not pile up in what replicas tell and show. */
class ManyStartsTest {
    private static final int STARTS = 100;

    private final ReplicaNet net = new ReplicaNet(1, ReplicaNet.TUNING, "A", "B", "C");

    private void startAndWrite(int times) {
        for (int i = 0; i < times; i++) {
            net.restart("A", true);
            net.put("A", "k" + i, "v");
            net.pass(1_000);
        }
    }

    private Map<String, Integer> namedInDigests() {
        net.sent().clear();
        net.pass(20_000);
        return net.sent().stream()
                .filter(sent -> sent.message() instanceof Digest)
                .collect(Collectors.toMap(
                        sent -> sent.from().name(),
                        sent -> ((Digest) sent.message()).known().prefix().size(),
                        (earlier, later) -> later));
    }

    @Test
    void vectorsNameTheLastStartAloneWhenAllHaveTheWritesOfTheOthers() {
        startAndWrite(STARTS);
        assertEquals(Map.of("A", 1, "B", 1, "C", 1), namedInDigests());
        assertEquals("{A: 100}", net.replica("B").status().known().toString(), "and people read one count");
        net.assertConverged("after all those starts");
    }

    /** C lacks something: until it is back, what is known of A's starts must be told. */
    @Test
    void nothingGoesThatSomebodyLacks() {
        net.link("A", "C", Rule.CUT);
        net.link("B", "C", Rule.CUT);
        startAndWrite(10);
        assertTrue(namedInDigests().get("A") >= 10, "C has none of them");
        net.healAll();
        net.pass(20_000);
        assertEquals(Map.of("A", 1, "B", 1, "C", 1), namedInDigests());
        net.assertConverged("after the heal");
    }

    /** A replica that lost its memory gets all of it, of starts that are told no more too. */
    @Test
    void whoLostItsMemoryGetsTheWritesOfAllStarts() {
        startAndWrite(20);
        namedInDigests();
        net.wipe("C");
        net.pass(20_000);
        assertEquals(20, net.replica("C").status().keys());
        net.assertConverged("after the wipe");
    }
}
