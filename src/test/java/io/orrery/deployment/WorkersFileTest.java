package io.orrery.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.deployment.Deployment.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersFileTest {
    @TempDir
    private Path directory;

    private WorkersFile load(String text) throws IOException {
        return WorkersFile.load(Files.writeString(directory.resolve("workers.conf"), text), warning -> {});
    }

    @Test
    void onOneMachineAPortIsEnough() throws IOException {
        WorkersFile file = load("remoting { port = 7400 }");
        assertEquals(new Address("127.0.0.1", 7400), file.sweep());
        assertEquals(new Address("localhost", 0), file.worker("localhost", 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            remoting { host = 10.0.0.1, port = 7400 }            | :1: without TLS, anybody who reaches 10.0.0.1:7400 can
            remoting { host = 127.0.0.1 }                        | :1: "port" is missing: the port at which workers find
            tls { key = a, certificate = b, authority = c }      | "remoting"
            remoting { port = 7400 }, replicas = []              | :1: there is no key "replicas" here
            """)
    void whatIsWrongIsSaidWithItsLine(String text, String problem) {
        String message = assertThrows(ConfigProblem.class, () -> load(text)).getMessage();
        assertTrue(message.contains(problem), message);
    }

    @Test
    void aWorkerIsNotExposedWithoutTls() throws IOException {
        WorkersFile file = load("remoting { port = 7400 }");
        assertThrows(IllegalArgumentException.class, () -> file.worker("10.0.0.2", 0));
        assertThrows(IllegalArgumentException.class, () -> file.worker("not a host", 0));
        assertThrows(IllegalArgumentException.class, () -> file.worker("127.0.0.1", 65_536));
        WorkersFile trusting = load("remoting { port = 7400 }\ninsecure = true");
        assertEquals(new Address("10.0.0.2", 1), trusting.worker("10.0.0.2", 1));
    }
}
