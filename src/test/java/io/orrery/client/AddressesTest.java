package io.orrery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.orrery.client.RequestFailure.Kind;
import io.orrery.client.RestClient.Answer;
import io.orrery.model.RequestId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressesTest {
    private static final String BUSY = "{\"detail\":\"not ready\"}";

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> ids = Collections.synchronizedList(new ArrayList<>());

    /** A replica that gives one answer; with status 0 it breaks the connection. */
    private String replica(String name, int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(name);
            ids.addAll(exchange.getRequestHeaders().getOrDefault(Headers.REQUEST, List.of()));
            exchange.getRequestBody().readAllBytes();
            if (status > 0) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        server.start();
        servers.add(server);
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static String nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static Addresses of(String... nodes) {
        return new Addresses(Stream.of(nodes).map(RestClient::new).toList());
    }

    private static Answer put(Addresses addresses) {
        return addresses.send("PUT", "/kv/x", "1", "", "");
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void aWriteGoesOnWhereNothingListensAndRemembersWhoAnswered() throws IOException {
        Addresses addresses = of(nobody(), replica("A", 503, BUSY), replica("B", 200, "{}"));
        assertEquals(200, put(addresses).status());
        assertEquals(200, put(addresses).status());
        assertEquals(List.of("A", "B", "B"), asked);
    }

    @Test
    void theLeaderThatAFollowerNamesIsAskedNext() throws IOException {
        String leader = replica("leader", 200, "{}");
        String other = replica("other", 200, "{}");
        String hint = "{\"detail\":\"no writes\",\"leader\":\"C\",\"location\":\"" + leader + "\"}";
        put(of(replica("follower", 403, hint), other, leader));
        assertEquals(List.of("follower", "leader"), asked);
    }

    @Test
    void aLeaderThatIsNotInTheListIsNotAsked() throws IOException {
        String hint = "{\"detail\":\"no writes\",\"leader\":\"C\",\"location\":\"" + replica("C", 200, "{}") + "\"}";
        Addresses addresses = of(replica("A", 403, hint), replica("B", 403, hint));
        assertEquals(
                Kind.REFUSED,
                assertThrows(RequestFailure.class, () -> put(addresses)).kind());
        assertEquals(List.of("A", "B"), asked);
    }

    @Test
    void aWriteThatMayHaveHappenedIsNotSentAgain() throws IOException {
        Addresses addresses = of(replica("A", 0, ""), replica("B", 200, "{}"));
        RequestFailure failure = assertThrows(RequestFailure.class, () -> put(addresses));
        assertEquals(Kind.UNKNOWN, failure.kind());
        assertEquals(List.of("A"), asked);
    }

    private Answer putWithId(String... nodes) {
        return of(nodes).send("PUT", "/kv/x", "1", "", "", Optional.of(RequestId.of("r1")));
    }

    @Test
    void aWriteWithAnIdGoesOnWhereItMayHaveHappened() throws IOException {
        String broken = replica("A", 0, "");
        String late = replica("B", 504, "{\"detail\":\"no majority\"}");
        assertEquals(200, putWithId(broken, late, replica("C", 200, "{}")).status());
        assertEquals(List.of("A", "B", "C"), asked);
        assertEquals(List.of("r1", "r1", "r1"), ids);
    }

    @Test
    void whatIsSaidOfAWriteThatMayHaveHappenedIsUnknownUnlessItsIdIsKnown() throws IOException {
        for (int status : List.of(503, 507, 401, 410, 504)) {
            String broken = replica("A", 0, "");
            String refusing = replica("B", status, BUSY);
            RequestFailure failure = assertThrows(RequestFailure.class, () -> putWithId(broken, refusing));
            assertEquals(Kind.UNKNOWN, failure.kind(), status + ": " + failure.getMessage());
            assertTrue(failure.getMessage().contains(refusing + ": "), failure.getMessage());
        }
        for (int status : List.of(412, 422)) {
            assertEquals(
                    status,
                    putWithId(replica("A", 0, ""), replica("B", status, BUSY)).status());
        }
    }

    @Test
    void aRefusalOfAllIsOneWithAnIdToo() throws IOException {
        String first = replica("A", 503, BUSY);
        String second = replica("B", 503, BUSY);
        assertEquals(
                Kind.REFUSED,
                assertThrows(RequestFailure.class, () -> putWithId(first, second))
                        .kind());
    }

    @Test
    void anIdIsMadeWhereItCanBeOfUse() throws IOException {
        String remembers = replica("A", 200, "{\"requestIds\":true,\"clock\":\"17\"}");
        String forgets = replica("B", 200, "{\"requestIds\":false,\"clock\":\"17\"}");
        assertEquals(
                OptionalLong.of(17),
                of(remembers, forgets).requestId().orElseThrow().after());
        assertEquals(Optional.empty(), of(forgets, remembers).requestId());
        assertEquals(Optional.empty(), of(remembers).requestId());
    }

    @Test
    void anAnswerThatLeavesTheOutcomeUnknownIsTheAnswer() throws IOException {
        Addresses addresses = of(replica("A", 504, "{\"detail\":\"no majority\"}"), replica("B", 200, "{}"));
        assertEquals(504, put(addresses).status());
        assertEquals(List.of("A"), asked);
    }

    @Test
    void aReadGoesOnWhereAConnectionBreaks() throws IOException {
        Addresses addresses = of(replica("A", 0, ""), replica("B", 200, "{}"));
        assertEquals(200, addresses.send("GET", "/kv/x", "", "", "").status());
        assertEquals("B", asked.get(asked.size() - 1));
    }

    @Test
    void theErrorNamesEachAddressAndWhatItSaid() throws IOException {
        String down = nobody();
        String busy = replica("A", 503, BUSY);
        String message =
                assertThrows(RequestFailure.class, () -> put(of(down, busy))).getMessage();
        assertTrue(message.contains(down + ": nothing answers"), message);
        assertTrue(message.contains(busy + ": not ready"), message);
    }

    @Test
    void aListHasABound() {
        List<RestClient> many = Collections.nCopies(Addresses.MOST + 1, new RestClient("localhost:8000"));
        assertThrows(RequestFailure.class, () -> new Addresses(many));
    }
}
