package io.orrery.launch;

import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.ALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.launch.TestCluster.Held;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More clients than the nodes can serve, while their disks are slow and their memory is small. */
@Tag("process")
@Timeout(600)
@EnabledOnOs({OS.LINUX, OS.MAC})
class OverloadTest {
    /** Of 128 KiB each: with their copies more than the memory of a node. */
    private static final int ENOUGH_ACKNOWLEDGED = 300;

    private static final int ENOUGH_REFUSED = 300;

    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    @Test
    void nodesSurviveAndLoseNothingThatTheyAcknowledged() throws Exception {
        TestCluster cluster = TestCluster.start(
                tests,
                "leader-quorum",
                "limits { open-requests = 150, request-timeout = 1m }",
                "-Xmx256m",
                "-Dorrery.journal.delay=50ms");
        Flood flood = new Flood(cluster.node(A).url());
        flood.awaitAnswers(ENOUGH_ACKNOWLEDGED, ENOUGH_REFUSED);
        assertEquals(
                List.of(),
                List.copyOf(new TreeSet<>(flood.otherAnswers())),
                "each is told that it is done, or that it is not");
        ALL.forEach(id -> assertTrue(cluster.node(id).isAlive(), () -> "the memory was enough for " + id));

        ALL.forEach(id -> cluster.node(id).kill());
        ALL.forEach(id -> cluster.node(id).start());
        cluster.awaitWhole();
        Map<String, Held> contents = cluster.awaitAgreement();
        for (int connection = 0; connection < Flood.CONNECTIONS; connection++) {
            int number = flood.acknowledged(connection);
            Held held = contents.get(Flood.key(connection));
            assertEquals(
                    number == 0 ? null : Flood.value(number),
                    held == null ? null : held.value(),
                    "the last that was acknowledged");
        }
    }
}
