package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Security;
import io.orrery.deployment.Security.Identity;
import io.orrery.deployment.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that send all that they have before they read, to a server that answers sooner: the answer comes, although the connection
 * ends after it.
 */
@Timeout(60)
class LastAnswerTest {
    /** More than the buffers of the system take; TLS takes its time for it. */
    private static final int MANY = 12 << 20;

    private static final String PLAIN = "plain";
    private static final List<String> WAYS = List.of(PLAIN, "TLSv1.3", "TLSv1.2");

    private static TestServer server;
    private static TestServer secured;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        Identity identity = TestCertificates.ours().identity();
        secured = TestServer.secured(
                new Security(false, Optional.empty(), Optional.of(identity), Optional.empty()), true);
    }

    @AfterAll
    static void stop() {
        server.close();
        secured.close();
    }

    private static Socket connect(String way) throws IOException, GeneralSecurityException {
        return way.equals(PLAIN)
                ? new Socket("127.0.0.1", server.port("A"))
                : TlsSocket.connect(secured.port("A"), way);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /health HTTP/1.1~Host: localhost~Content-Length: 12582912~~ | 200",
                "GET /kv/none HTTP/1.1~Host: localhost~Content-Length: 12582912~~ | 404",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Length: 99999999999~~ | 413",
                "PUT /kv/x HTTP/1.1~Host: stranger.example.org~Content-Length: 99999999999~~ | 403",
                "PUT /kv/x HTTP/1.1~Host: localhost~Expect: 100-continue~Content-Length: 12582912~~ | 413",
                "PUT /kv/x HTTP/1.1~Host: localhost~X-A: é~Content-Length: 12582912~~ | 400",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Length: 1~Content-Length: 12582912~~ | 400",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Type: application/json~Transfer-Encoding: chunked~~x | 400",
            })
    void comes(String head, int status) throws IOException, GeneralSecurityException {
        for (String way : WAYS) {
            String answer = answerToAll(head, way);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), way + ": " + answer);
            assertTrue(answer.endsWith("}"), way + ": " + answer);
        }
    }

    private static String answerToAll(String head, String way) throws IOException, GeneralSecurityException {
        try (Socket socket = connect(way)) {
            OutputStream out = socket.getOutputStream();
            out.write(head.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            byte[] body = new byte[64 << 10];
            Arrays.fill(body, (byte) '1');
            for (int sent = 0; sent < MANY; sent += body.length) {
                out.write(body);
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Who goes on sending does not keep the connection for ever. */
    @ParameterizedTest
    @ValueSource(strings = {PLAIN, "TLSv1.3", "TLSv1.2"})
    void theConnectionIsGoneWhenItsTimeIsOver(String way) throws IOException, GeneralSecurityException {
        try (Socket socket = connect(way)) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
            assertThrows(IOException.class, () -> {
                while (true) {
                    out.write('1');
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
            });
        }
    }
}
