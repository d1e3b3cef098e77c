package io.orrery.launch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What a launcher sees of a node, in a JVM that starts quickly. It keeps its directory, says that it is ready, answers
 * {@code /status}, and ends in order when it is told.
 */
public final class FakeNode {
    private FakeNode() {}

    /** A flag by which the node of this id fails to start. */
    public static String fails(String id) {
        return "-Dfake.fails=" + id;
    }

    /** A flag by which the node of this id does not end when it is told. */
    public static String deaf(String id) {
        return "-Dfake.deaf=" + id;
    }

    /** A flag by which the node of this id does not say that it is ready. */
    public static String mute(String id) {
        return "-Dfake.mute=" + id;
    }

    public static void main(String[] arguments) throws IOException {
        if (!List.of("node", "--id", "--data").equals(List.of(arguments[0], arguments[2], arguments[4]))) {
            throw new IllegalArgumentException(String.join(" ", arguments));
        }
        String id = arguments[3];
        Files.createDirectories(Path.of(arguments[5], "replica-" + id));
        System.err.println("node " + id + " was here, é");
        if (id.equals(System.getProperty("fake.fails"))) {
            System.err.println("its port is in use");
            System.exit(2);
        }
        ParentWatch.exitWhenCut();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/status", exchange -> answer(exchange, status(id)));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(id)));
        if (!id.equals(System.getProperty("fake.mute"))) {
            System.out.println("a title");
            System.out.println("replica " + id + " listens at http://127.0.0.1:"
                    + server.getAddress().getPort());
            System.out.println("replica " + id + " is ready at http://127.0.0.1:"
                    + server.getAddress().getPort());
            System.out.println("Ctrl-C stops it.");
        }
    }

    private static String status(String id) {
        return """
                {"node":"%s","protocol":"fake","state":"running","clock":"7","keys":12,"tombstones":0,
                 "peers":[{"node":"B","lag":3}],"members":[{"node":"%s","status":"up","reachable":true}]}
                """.formatted(id, id);
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void end(String id) {
        if (id.equals(System.getProperty("fake.deaf"))) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // It ends after all.
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
