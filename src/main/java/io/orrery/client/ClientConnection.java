package io.orrery.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A persistent HTTP connection that sends one request at a time.
 *
 * It speaks only the part of HTTP that this needs: a full HTTP client would take processor time from the replicas under
 * test.
 */
public final class ClientConnection implements Closeable {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int LONGEST_HEAD = 64 << 10;
    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 (\\d{3}) .*?\r\nContent-Length: (\\d+)\r\n.*", Pattern.DOTALL);

    private final Socket socket;
    private final InputStream in;
    private final String host;

    /** @param replica its address, such as {@code http://127.0.0.1:8000} */
    public ClientConnection(String replica) throws IOException {
        URI address = URI.create(replica);
        host = address.getAuthority();
        socket = new Socket(address.getHost(), address.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * Writes a value and waits for the answer.
     *
     * @param key needs no encoding in a path
     * @param value needs no escape in JSON
     * @throws IOException if there is no answer
     * @throws IllegalStateException if the answer does not say that the write is done
     */
    public void put(String key, String value) throws IOException {
        request("PUT /kv/" + key + " HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: application/json\r\nContent-Length: " + (value.length() + 2) + "\r\n\r\n\"" + value
                + "\"");
    }

    /**
     * Reads a value that exists.
     *
     * @param key needs no encoding in a path
     * @throws IOException if there is no answer
     * @throws IllegalStateException if the answer is not a value
     */
    public void get(String key) throws IOException {
        request("GET /kv/" + key + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    private void request(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        try {
            String head = readHead();
            Matcher answer = HEAD.matcher(head);
            if (!answer.matches()) {
                throw new IllegalStateException("the answer to a request is not understood: " + head);
            }
            byte[] body = in.readNBytes(Integer.parseInt(answer.group(2)));
            if (!answer.group(1).equals("200")) {
                throw new IllegalStateException("a request was answered with " + answer.group(1) + ": "
                        + new String(body, StandardCharsets.UTF_8));
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("a request was not answered within " + TIMEOUT_MILLIS / 1000 + " s", e);
        }
    }

    /** Reads the head up to and including the empty line that ends it. */
    private String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(512);
        int last = 0;
        while (true) {
            int next = in.read();
            if (next < 0 || head.size() > LONGEST_HEAD) {
                throw new EOFException(
                        "the answer to a request broke off: " + head.toString(StandardCharsets.US_ASCII));
            }
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.toString(StandardCharsets.US_ASCII);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
