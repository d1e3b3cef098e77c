package io.orrery.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Clients that want to fill the memory of one server. Their connections stay open until {@link #close}. */
final class Strangers implements AutoCloseable {
    static final int LARGE = 1_000_000;

    private final InetSocketAddress server;
    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param url of the server */
    Strangers(String url) {
        this(new InetSocketAddress(URI.create(url).getHost(), URI.create(url).getPort()));
    }

    Strangers(InetSocketAddress server) {
        this.server = server;
    }

    /** So many at once, each with a request, or the beginning of one, of its own; they read nothing. */
    void come(int count, IntFunction<byte[]> request) {
        all(count, number -> send(server, request.apply(number)));
    }

    /** The same at another address. */
    void comeTo(InetSocketAddress other, int count, IntFunction<byte[]> request) {
        all(count, number -> send(other, request.apply(number)));
    }

    /** So many at once; returns the first lines of what each is told, empty for one whose connection was closed. */
    List<String> ask(int count, IntFunction<byte[]> request) {
        return all(count, number -> {
            try (Socket socket = connect(server)) {
                socket.getOutputStream().write(request.apply(number));
                return firstLine(socket.getInputStream());
            } catch (IOException e) {
                return "";
            }
        });
    }

    private <T> List<T> all(int count, IntFunction<T> action) {
        List<Future<T>> all = IntStream.range(0, count)
                .mapToObj(number -> threads.submit(() -> action.apply(number)))
                .toList();
        return all.stream().map(Strangers::result).toList();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Socket send(InetSocketAddress to, byte[] request) {
        try {
            Socket socket = connect(to);
            sockets.add(socket);
            // On a thread of its own: who is not served must not hold up the others.
            threads.execute(() -> {
                try {
                    socket.getOutputStream().write(request);
                } catch (IOException e) {
                    // It was turned away, or this is the end.
                }
            });
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket connect(InetSocketAddress to) throws IOException {
        Socket socket = new Socket();
        // As little as there can be: what the system takes for them fills no memory of the server.
        socket.setReceiveBufferSize(1);
        socket.setSoTimeout(30_000);
        socket.connect(to);
        return socket;
    }

    private static String firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    static byte[] request(String line, String... headers) {
        return ascii(line + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n");
    }

    static byte[] withBody(String line, byte[] body) {
        byte[] head = request(line, "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n");
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A JSON text of about a megabyte. */
    static byte[] large(int number) {
        return ascii("\"" + number + "x".repeat(LARGE) + "\"");
    }

    @Override
    public void close() {
        for (Socket socket : List.copyOf(sockets)) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        threads.shutdownNow();
    }
}
