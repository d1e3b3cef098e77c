package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.deployment.DeploymentLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another leader in the file of all replicas, which have data of the one before. */
@Execution(ExecutionMode.CONCURRENT)
class LeaderChangeTest {
    private static final List<String> ALL = List.of("A", "B", "C");

    @TempDir
    private Path directory;

    private final Map<String, String> written = new TreeMap<>();

    private TestServer start(String protocol, String leader) throws IOException {
        TestServer server = TestServer.startOnFreePorts(DeploymentLoader.load(Files.writeString(
                directory.resolve("test.conf"), """
                        protocol = %s
                        leader = %s
                        write-quorum = 1
                        journal = rocksdb
                        data = "%s"
                        lab = on
                        anti-entropy { interval = 200ms, patience = 10ms }
                        replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }, { id = C, http { port = 0 } }]
                        """.formatted(protocol, leader, directory.resolve("data")))));
        for (String id : ALL) {
            eventually(id + " is ready", () -> server.get(id, "/ready").statusCode() == 200);
        }
        return server;
    }

    private void put(TestServer server, String at, String key, String value) {
        assertEquals(200, server.put(at, "/kv/" + key, value).statusCode());
        written.put(key, value);
    }

    private void agree(TestServer server) {
        for (String id : ALL) {
            written.forEach((key, value) -> eventually(
                    id + " has " + key + " = " + value,
                    () -> server.value(id, key).equals(value)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "primary-linearizable",
                "primary-sequential",
                "primary-causal",
                "primary-eventual",
                "leader-quorum"
            })
    void nothingIsLostAndTheNewOneTakesWrites(String protocol) throws Exception {
        for (String leader : List.of("A", "B", "A", "C")) {
            try (TestServer server = start(protocol, leader)) {
                agree(server);
                put(server, leader, "by-" + leader, "\"" + written.size() + "\"");
                put(server, leader, "x", "\"" + leader + "\"");
                if (!protocol.equals("leader-quorum")) {
                    put(server, "C", "by-any", "\"" + written.size() + "\"");
                }
                agree(server);
                if (protocol.equals("primary-eventual")) {
                    // Taken at once, and not ordered yet when the leader ends.
                    server.post("A", "/lab/isolate", "{\"replica\":\"" + leader + "\"}");
                    String other = leader.equals("A") ? "B" : "A";
                    put(server, other, "waits-for-" + leader, "1");
                }
            }
        }
        try (TestServer server = start(protocol, "B")) {
            agree(server);
        }
    }
}
