package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every deployment of the project loads, starts, and does what its protocol does. */
class DeploymentFilesTest {
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("conf"))) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void eachProtocolHasADeployment() throws IOException {
        assertEquals(
                Protocols.all().stream().collect(Collectors.toSet()),
                files().stream()
                        .map(file -> DeploymentLoader.load(file).protocol())
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void itStartsAndAWriteAtTheLeaderIsReadThere(Path file) {
        Deployment deployment = DeploymentLoader.load(file);
        assertTrue(deployment.lab());
        String leader = deployment.options().get(ProtocolOptions.LEADER).name();
        try (TestServer server = TestServer.startOnFreePorts(deployment)) {
            for (NodeId id : deployment.ids()) {
                TestServer.eventually(
                        id + " is ready", () -> server.get(id.name(), "/ready").statusCode() == 200);
            }
            HttpResponse<String> put = server.put(leader, "/kv/x", "1");
            assertEquals(200, put.statusCode(), put.body());
            assertEquals("1", server.value(leader, "x"));
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            lamport-lww, A 8000 B 8001 C 8002
            vector-causal, node1 5601 node2 5602 node3 5603
            cops, 1 60001 2 60002 3 60003
            primary-linearizable, 1 6485 2 6486 3 6487
            primary-sequential, 1 6485 2 6486 3 6487
            primary-causal, 1 6485 2 6486 3 6487
            primary-eventual, 1 6485 2 6486 3 6487
            leader-quorum, leader 8000 follower1 8001 follower2 8002 follower3 8003 follower4 8004 follower5 8005
            """)
    void theAddressesAreThoseOfTheLab(String protocol, String addresses) {
        Deployment deployment = DeploymentLoader.load(Path.of("conf", protocol + ".conf"));
        assertEquals(protocol, deployment.protocol().name());
        assertEquals(
                addresses,
                deployment.replicas().stream()
                        .map(member -> member.id() + " " + member.http().port())
                        .collect(Collectors.joining(" ")));
    }

    @Test
    void theQuorumAndTheDelaysAreThoseOfTheLab() {
        Deployment deployment = DeploymentLoader.load(Path.of("conf", "leader-quorum.conf"));
        assertEquals(3, deployment.options().get(ProtocolOptions.WRITE_QUORUM));
        assertEquals("leader", deployment.options().get(ProtocolOptions.LEADER).name());
        assertEquals("100us..1ms", deployment.links().delay().toString());
        assertFalse(
                deployment.replicas().stream().anyMatch(member -> member.http().port() == 0));
    }

    @Test
    void withTenServersEachIsASecondFurtherAway() {
        Deployment deployment = DeploymentLoader.load(Path.of("conf", "primary-causal-10.conf"));
        assertEquals(10, deployment.replicas().size());
        assertEquals(
                "link 1 -> 10 (kind update): delay 9s",
                deployment.linkChanges().get(8).toString());
    }
}
