package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.live.Readiness;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Data directories as the first format had them, of a leader and a follower of {@code primary-eventual}: x was written twice,
 * y was deleted, and z was taken by the follower while it was cut off from the leader.
 */
class FormatOneTest {
    private static final Path RESOURCE = Path.of("src/test/resources/format-1");

    @TempDir
    private Path data;

    private Server start() throws Exception {
        Path file = Files.writeString(data.resolve("deployment.conf"), """
                protocol = primary-eventual
                leader = A
                journal = rocksdb
                data = "%s"
                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
                """.formatted(data));
        Deployment deployment = DeploymentLoader.load(file);
        return Server.start(deployment);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static RestClient client(Server server, String id) {
        return new RestClient("http://" + server.addresses().get(NodeId.of(id)));
    }

    private static Document get(Server server, String id, String path) {
        return Document.parse(client(server, id).get(path).requireSuccess().body());
    }

    @Test
    void itOpensWithAllItsDataAndGoesOn() throws Exception {
        for (String replica : List.of("replica-A", "replica-B")) {
            copy(RESOURCE.resolve(replica), data.resolve(replica));
        }
        ListAppender<ILoggingEvent> ear = new ListAppender<>();
        ear.start();
        Logger log = (Logger) LoggerFactory.getLogger("io.orrery.journal");
        log.setLevel(Level.INFO);
        log.addAppender(ear);
        try {
            goesOn(ear);
        } finally {
            log.detachAppender(ear);
            log.setLevel(null);
        }
    }

    private void goesOn(ListAppender<ILoggingEvent> ear) throws Exception {
        String written = "";
        for (int start = 0; start < 2; start++) {
            Server server = start();
            try {
                assertEquals(
                        List.of("replica-A", "replica-B"),
                        ear.list.stream()
                                .map(ILoggingEvent::getFormattedMessage)
                                .filter(it -> it.contains("has been converted from format 1 to format 2"))
                                .map(it -> it.replaceAll(".*(replica-.).*", "$1"))
                                .sorted()
                                .toList(),
                        "each says so once");
                server.whenAll(Readiness::isReady).toCompletableFuture().join();
                Document x = get(server, "A", "/kv/x");
                assertEquals("3", x.text("value"));
                assertEquals("2@A~1796034312127", x.text("version"), "its version is as it was");
                assertEquals(404, client(server, "B").get("/kv/y").status());
                while (client(server, "B").get("/kv/z").status() == 404) {
                    // The leader has yet to order it.
                }
                assertEquals("4", get(server, "B", "/kv/z").text("value"));
                if (start == 0) {
                    client(server, "A").send("PUT", "/kv/w", "5").requireSuccess();
                    written = get(server, "A", "/kv/w").text("version");
                } else {
                    assertEquals(written, get(server, "A", "/kv/w").text("version"));
                }
                String vector = get(server, "A", "/status").text("vector");
                assertTrue(vector.matches("\\{A~\\d+=6}"), "its numbers go on: " + vector);
            } finally {
                server.stop().toCompletableFuture().join();
            }
        }
    }
}
