package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orrery.client.Headers;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands put and delete where they are given again, or their answers are lost. */
@Timeout(60)
class RequestIdCommandsTest {
    private static TestServer server;

    private record Ran(int exitCode, String out, String err) {}

    @BeforeAll
    static void start() {
        server = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "raft.conf")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private static Ran at(String node, String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--node";
        all[arguments.length + 1] = node.startsWith("http") ? node : server.url(node);
        return run(all);
    }

    @Test
    void aCommandThatIsGivenAgainIsCarriedOutOnce() {
        Ran first = at("1", "put", "x", "1", "--request-id", "job-1");
        assertEquals(0, first.exitCode(), first.err());
        at("2", "put", "x", "2");
        assertEquals(
                first.out().replace("applied at 1", "repeated at 3"),
                at("3", "put", "x", "1", "--request-id", "job-1").out());
        assertTrue(at("4", "get", "x").out().startsWith("x = 2  "));
        Ran other = at("5", "delete", "x", "--request-id", "job-1");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().startsWith("the request id job-1 belongs to another request"), other.err());
        Ran wrong = at("1", "put", "x", "1", "--request-id", "job 1");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().startsWith("--request-id: a request id is NAME"), wrong.err());
    }

    /** Between the client and a replica: hands requests on, and breaks the connection in the place of the answer to a write. */
    private static HttpServer losingAnswersOf(String replica) throws IOException {
        HttpServer between = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        between.createContext("/", exchange -> {
            byte[] answer = handOn(exchange, replica);
            if (exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
            exchange.close();
        });
        between.start();
        return between;
    }

    private static byte[] handOn(HttpExchange exchange, String replica) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(replica + exchange.getRequestURI()))
                .header("Content-Type", "application/json")
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        String id = exchange.getRequestHeaders().getFirst(Headers.REQUEST);
        if (id != null) {
            request.header(Headers.REQUEST, id);
        }
        try {
            return HttpClient.newHttpClient()
                    .send(request.build(), BodyHandlers.ofByteArray())
                    .body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aWriteWhoseAnswerIsLostIsAskedAgainAtTheNextAddress() throws IOException {
        HttpServer between = losingAnswersOf(server.url("1"));
        try {
            String broken = "http://127.0.0.1:" + between.getAddress().getPort();
            // With an id that is given, and with one that the command makes.
            for (String id : List.of("--request-id=lost", "--client=me")) {
                Ran again = at(broken + "," + server.url("2"), "put", "y", "1", id);
                assertEquals(0, again.exitCode(), again.err());
                assertTrue(again.out().endsWith("repeated at 2)\n"), again.out());
            }
            Ran without = at(broken, "put", "y", "2");
            assertEquals(3, without.exitCode(), without.err());
            assertTrue(at("3", "get", "y").out().startsWith("y = 2  "), "it was done, and nobody knows");
        } finally {
            between.stop(0);
        }
    }
}
