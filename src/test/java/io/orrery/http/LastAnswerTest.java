package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that send all that they have before they read, to a server that answers sooner: the answer comes, although the connection
 * ends after it.
 */
@Timeout(60)
class LastAnswerTest {
    /** More than the buffers of the system take. */
    private static final int MANY = 32 << 20;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /health HTTP/1.1~Host: localhost~Content-Length: 33554432~~ | 200",
                "GET /kv/none HTTP/1.1~Host: localhost~Content-Length: 33554432~~ | 404",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Length: 99999999999~~ | 413",
                "PUT /kv/x HTTP/1.1~Host: stranger.example.org~Content-Length: 99999999999~~ | 403",
                "PUT /kv/x HTTP/1.1~Host: localhost~Expect: 100-continue~Content-Length: 33554432~~ | 413",
                "PUT /kv/x HTTP/1.1~Host: localhost~X-A: é~Content-Length: 33554432~~ | 400",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Length: 1~Content-Length: 33554432~~ | 400",
                "PUT /kv/x HTTP/1.1~Host: localhost~Content-Type: application/json~Transfer-Encoding: chunked~~x | 400",
            })
    void comes(String head, int status) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port("A"))) {
            OutputStream out = socket.getOutputStream();
            out.write(head.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            byte[] body = new byte[64 << 10];
            Arrays.fill(body, (byte) '1');
            for (int sent = 0; sent < MANY; sent += body.length) {
                out.write(body);
            }
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
            assertTrue(answer.endsWith("}"), answer);
        }
    }

    /** Who goes on sending does not keep the connection for ever. */
    @Test
    void theConnectionIsGoneWhenItsTimeIsOver() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port("A"))) {
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
