package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.scenario.ScenarioLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No outgoing connection can take the port of a node before it starts. */
class FreePortsTest {
    private static final Pattern PORT = Pattern.compile("port ?= ?(\\d+)");

    @Test
    void areDifferentAndNoneOfThoseForOutgoingConnections() throws IOException {
        assertApart(FreePorts.of(20), 20);
    }

    /** Of those who ask before either has bound what it was given. */
    @Test
    void areNotGivenTwice() throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ports.addAll(FreePorts.of(10));
        }
        assertApart(ports, 1_000);
    }

    @Test
    void areThoseOfAScenarioOnACluster() throws IOException {
        String deployment = ScenarioDeployment.text(ScenarioLoader.load(Path.of("scenarios", "lamport-outage.conf")));
        List<Integer> ports = PORT.matcher(deployment)
                .results()
                .map((MatchResult port) -> Integer.valueOf(port.group(1)))
                .toList();
        assertApart(ports, 6);
    }

    private static void assertApart(List<Integer> ports, int count) {
        assertEquals(count, new HashSet<>(ports).size(), ports.toString());
        assertTrue(
                ports.stream().allMatch(port -> port >= FreePorts.FIRST && port <= FreePorts.LAST), ports.toString());
    }
}
