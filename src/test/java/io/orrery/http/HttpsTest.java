package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Security;
import io.orrery.deployment.Security.Tokens;
import io.orrery.deployment.TestCertificates;
import io.orrery.deployment.Token;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpsTest {
    private static final Token TOKEN = Token.of("client-token-0123456789");

    private static final TestCertificates CERTIFICATES = TestCertificates.ours();
    private static final Security SECURITY = new Security(
            false,
            Optional.empty(),
            Optional.of(CERTIFICATES.identity()),
            Optional.of(new Tokens(TOKEN, Optional.empty())));
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.secured(SECURITY, false);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whoTrustsTheAuthorityAndHasTheTokenWritesAndReads() {
        RestClient client = client().withToken(TOKEN);
        assertEquals(200, client.send("PUT", "/kv/x", "1").status());
        assertTrue(client.get("/kv/x").body().contains("\"value\":1"));
        RestClient byName = new RestClient(server.url("A").replace("127.0.0.1", "localhost"));
        assertTrue(byName.trusting(CERTIFICATES.authority()).get("/ready").isSuccess());
    }

    @Test
    void whoHasTheDeploymentHasAccess() {
        RestClient client = new RestClient(server.url("A")).withAccessTo(SECURITY);
        assertTrue(client.get("/status").isSuccess());
    }

    @Test
    void whoKeepsAConnectionForLaterDoesNotKeepTheServerFromEnding() {
        long before;
        try (TestServer ending = TestServer.secured(SECURITY, false)) {
            RestClient client = new RestClient(ending.url("A"))
                    .trusting(CERTIFICATES.authority())
                    .withToken(TOKEN);
            assertEquals(200, client.send("PUT", "/kv/x", "1").status());
            before = System.nanoTime();
        }
        long took = System.nanoTime() - before;
        // Answers that are still to come have seconds.
        assertTrue(took < TimeUnit.SECONDS.toNanos(3), took + " ns");
    }

    @Test
    void aMissingTokenIsNamedToTheOneWhoHasToGiveIt() {
        for (RestClient client : new RestClient[] {client(), client().withToken(Token.of("not-the-right-token"))}) {
            assertUnauthorized(client.send("PUT", "/kv/x", "2"));
            assertUnauthorized(client.get("/kv/x"));
        }
    }

    private static void assertUnauthorized(RestClient.Answer answer) {
        RequestFailure failure = assertThrows(RequestFailure.class, answer::requireSuccess);
        assertEquals(RequestFailure.Kind.WRONG, failure.kind());
        assertTrue(failure.getMessage().contains("ORRERY_TOKEN"), failure.getMessage());
    }

    @Test
    void aServerWithoutHttpsIsNotAskedAnything() {
        try (TestServer plain = TestServer.start()) {
            RestClient client = new RestClient(plain.url("A").replace("http:", "https:"));
            for (Executable request : new Executable[] {
                () -> client.send("PUT", "/kv/x", "1"),
                () -> client.get("/kv/x"),
                () -> client.stream("/events", Map.of())
            }) {
                RequestFailure failure = assertThrows(RequestFailure.class, request);
                assertEquals(RequestFailure.Kind.WRONG, failure.kind());
                assertTrue(failure.getMessage().contains("does not speak HTTPS"), failure.getMessage());
            }
            assertEquals("", plain.value("A", "x"));
        }
    }

    @Test
    void anAuthorityThatNobodyNamedIsNotTrusted() throws Exception {
        TestCertificates other = TestCertificates.ofStrangers();
        for (RestClient client : new RestClient[] {
            new RestClient(server.url("A")), new RestClient(server.url("A")).trusting(other.authority())
        }) {
            RequestFailure failure = assertThrows(RequestFailure.class, () -> client.get("/health"));
            assertEquals(RequestFailure.Kind.WRONG, failure.kind());
            assertTrue(failure.getMessage().contains("is not trusted; --ca FILE"), failure.getMessage());
        }
    }

    @Test
    void eachAuthorityOfAFileIsTrustedThoughTheyHaveOneName(@TempDir Path folder) throws Exception {
        String ours = Files.readString(CERTIFICATES.authority());
        String other = Files.readString(TestCertificates.ofStrangers().authority());
        for (String both : List.of(ours + other, other + ours)) {
            Path file = Files.writeString(folder.resolve("authorities.crt"), both);
            assertTrue(new RestClient(server.url("A"))
                    .trusting(file)
                    .get("/health")
                    .isSuccess());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void newVersionsOfTlsAreSpoken(String version) throws Exception {
        assertEquals(version, handshake(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1"})
    void oldVersionsOfTlsAreNot(String version) {
        assertThrows(SSLHandshakeException.class, () -> handshake(version));
    }

    @ParameterizedTest
    @CsvSource({
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, true",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384, false",
        "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256, false",
    })
    void ofTls12OnlyWhatIsSecretForwardAndAuthenticated(String suite, boolean taken) throws Exception {
        if (taken) {
            assertEquals("TLSv1.2", handshake("TLSv1.2", suite));
        } else {
            assertThrows(SSLHandshakeException.class, () -> handshake("TLSv1.2", suite));
        }
    }

    @Test
    void filesThatWereReplacedAreReadAgainAfterFiveMinutes(@TempDir Path directory) throws Exception {
        TestCertificates copies = CERTIFICATES.copyTo(directory);
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
        Https https = new Https(copies.identity(), nanos::get);
        SSLContext first = https.context();
        assertSame(first, https.context());
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
        SSLContext second = https.context();
        assertNotSame(first, second);
        Files.writeString(copies.certificate(), "half a cert");
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
        assertSame(second, https.context(), "what is broken does not take the place of what works");
    }

    @Test
    void plainHttpHasNoAnswer() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port("A"))) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(!answer.contains("HTTP"), answer);
        }
    }

    private static RestClient client() {
        return new RestClient(server.url("A")).trusting(CERTIFICATES.authority());
    }

    private static String handshake(String version, String... suites) throws Exception {
        try (SSLSocket socket = TlsSocket.connect(server.port("A"), version)) {
            if (suites.length > 0) {
                socket.setEnabledCipherSuites(suites);
            }
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }
}
