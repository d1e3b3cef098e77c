package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.client.RestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that all start at once, with no data. */
@Tag("process")
@Timeout(120)
class NewClusterTest {
    @RegisterExtension
    private final TestNodes nodes = new TestNodes();

    @Test
    void takesWritesAsSoonAsItIsReady() throws Exception {
        // A new leader takes no write before all others have answered it. It asks again only after this interval.
        Nodes cluster = nodes.start(
                "protocol = leader-quorum\nanti-entropy { interval = 1h }\nlimits { request-timeout = 30s }\n"
                        + replicas("A", "B", "C"),
                UnaryOperator.identity());
        cluster.awaitReady(Duration.ofSeconds(90));
        String leader = cluster.all().iterator().next().url();
        assertEquals(200, new RestClient(leader).send("PUT", "/kv/x", "1").status());
    }

    private static String replicas(String... ids) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<String> replicas = new ArrayList<>();
        for (String id : ids) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            replicas.add("{ id = %s, http { port = 0 }, remoting { port = %d } }".formatted(id, socket.getLocalPort()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return "replicas = [" + String.join(", ", replicas) + "]";
    }
}
