package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.config.ConfigProblem;
import io.orrery.model.NodeId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of regions: what is wrong is told with its line, and all of it at once. */
class RegionsTest {
    private static final List<NodeId> REPLICAS = List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"));

    private static String problem(String... lines) {
        return assertThrows(
                        ConfigProblem.class, () -> Regions.parse("regions.conf", String.join("\n", lines), REPLICAS))
                .getMessage();
    }

    @Test
    void replicasArePlacedInTurn() {
        Regions regions = Regions.parse(
                "r.conf", "regions = [x, y]\nround-trips = [{ between = [y, x], time = 10ms }]", REPLICAS);
        assertEquals(List.of("x", "y"), regions.names());
        assertEquals("x", regions.replicas().get(NodeId.of("C")));
        assertEquals("5ms", regions.times().delay("x", "y").toString());
        assertEquals("5ms", regions.times().delay("y", "x").toString());
        assertEquals("500us", regions.times().delay("x", "x").toString());
    }

    /** More regions than replicas are a table to choose from: those that are not used need no times. */
    @Test
    void jitterMakesAMessageLaterAndSpareRegionsDoNoHarm() {
        Regions regions = Regions.parse(
                "r.conf",
                "regions = [x, y, spare]\njitter = 2ms\nreplicas { A = x, B = y, C = spare }\n"
                        + "round-trips = [{ between = [x, y], time = 10ms }, { between = [x, spare], time = 20ms },"
                        + " { between = [y, spare], time = 20ms }]",
                REPLICAS);
        assertEquals("5ms..7ms", regions.times().delay("x", "y").toString());
        assertEquals(
                List.of("x", "y", "z"),
                Regions.parse(
                                "r.conf",
                                "regions = [x, y, z, far]\nround-trips = [{ between = [x, y], time = 1ms },"
                                        + "{ between = [x, z], time = 1ms }, { between = [y, z], time = 1ms }]",
                                REPLICAS)
                        .names());
    }

    @Test
    void twoRegionsWithoutATimeAreNamed() {
        assertEquals(
                "regions.conf:2: there is no time between x and z; add { between = [x, z], time = 80ms }, the round trip\n"
                        + "regions.conf:2: there is no time between y and z; add { between = [y, z], time = 80ms },"
                        + " the round trip",
                problem("regions = [x, y, z]", "round-trips = [{ between = [x, y], time = 10ms }]"));
    }

    @Test
    void anUnknownRegionIsNamedWithWhatWasMeant() {
        assertEquals(
                "regions.conf:3: there is no region tokio; did you mean tokyo?",
                problem("regions = [tokyo, paris]", "round-trips = [", "{ between = [tokio, paris], time = 1ms } ]"));
        assertEquals(
                "regions.conf:2: there is no region nowhere; there are [x, y]",
                problem(
                        "regions = [x, y]",
                        "replicas { A = x, B = y, C = nowhere }",
                        "round-trips = [{ between = [x, y], time = 1ms }]"));
    }

    @Test
    void aRegionWithoutAReplicaAndAReplicaWithoutARegionAreNamed() {
        assertEquals(
                "regions.conf:1: region z has no replica, so nobody would be asked there; place one in it, or leave it out"
                        + " of regions",
                problem(
                        "regions = [x, y, z]",
                        "replicas { A = x, B = y, C = x }",
                        "round-trips = [{ between = [x, y], time = 1ms }]"));
        assertEquals(
                "regions.conf:2: replica C of the scenario is in no region; add C = x",
                problem(
                        "regions = [x, y]",
                        "replicas { A = x, B = y }",
                        "round-trips = [{ between = [x, y], time = 1ms }]"));
    }

    @Test
    void timesAreNotNegativeAndGivenOnce() {
        assertEquals(
                "regions.conf:2: a time here is 0 or more, not -1ms",
                problem("regions = [x, y]", "round-trips = [{ between = [x, y], time = -1ms }]"));
        assertEquals(
                "regions.conf:4: the time between x and y is given in line 3 too; give it once, as there and back are one"
                        + " time",
                problem(
                        "regions = [x, y]",
                        "round-trips = [",
                        "{ between = [x, y], time = 1ms }",
                        "{ between = [y, x], time = 2ms } ]"));
        assertEquals(
                "regions.conf:2: the time inside of a region is that of within; a time is between two",
                problem("regions = [x]", "round-trips = [{ between = [x, x], time = 1ms }]"));
        assertEquals(
                "regions.conf:2: a time here is 0 or more, not -1ms\nregions.conf:3: a time here is 0 or more, not -2ms",
                problem("regions = [x]", "within = -1ms", "jitter = -2ms"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ibm-cloud", "example"})
    void theFilesOfTheProjectAreRight(String name) {
        List<NodeId> five =
                List.of("A", "B", "C", "D", "E").stream().map(NodeId::of).toList();
        Regions regions = Regions.load(Path.of("conf", "regions", name + ".conf"), five, warning -> {
            throw new AssertionError(warning);
        });
        assertEquals(five, List.copyOf(regions.replicas().keySet()));
    }
}
