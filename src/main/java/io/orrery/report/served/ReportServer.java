package io.orrery.report.served;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orrery.model.KnownHosts;
import io.orrery.model.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the runs in a folder on loopback: an index and the files. Read-only, and nothing outside the folder. */
public final class ReportServer implements AutoCloseable {
    private static final int THREADS = 4;
    private static final KnownHosts HOSTS = new KnownHosts(List.of());

    /** The JDK server's value for an empty body, and for a status that is not set. */
    private static final int NO_BODY = -1;

    private static final int CHUNKED = 0;
    private static final int NONE_YET = -1;

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json",
            "png", "image/png");

    /** Other files are text, to be shown by the browser. */
    private static final String TEXT = "text/plain; charset=utf-8";

    /** The folder as given, for people. */
    private final Path folder;

    /** The folder with links resolved; every served path begins with it. */
    private final Path root;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private ReportServer(Path folder, Path root, HttpServer server) {
        this.folder = folder;
        this.root = root;
        this.server = server;
    }

    /**
     * Serves a folder until it is closed.
     *
     * @param port 0 for any free port
     * @throws java.net.BindException if the port is in use
     * @throws IOException if there is no such folder
     */
    public static ReportServer start(Path folder, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Path root = folder.toRealPath();
        ReportServer it = new ReportServer(folder, root, HttpServer.create(address, 0));
        it.server.setExecutor(it.threads);
        it.server.createContext("/", it::answer);
        it.server.start();
        return it;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String host = KnownHosts.withoutPort(
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                        .orElse("localhost"));
        if (!HOSTS.has(host)) {
            // A foreign page has made its name resolve to this machine (DNS rebinding).
            send(exchange, 403, TEXT, "this server is at " + address() + ", not at " + Printable.of(host) + "\n");
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, 405, TEXT, "only GET and HEAD are allowed, not " + method + "\n");
        } else {
            show(exchange, exchange.getRequestURI().getPath());
        }
        exchange.close();
    }

    private void show(HttpExchange exchange, String path) throws IOException {
        try {
            Optional<Path> file = find(path);
            if (path.equals("/")) {
                send(exchange, 200, TYPES.get("html"), IndexPage.of(folder, KeptRun.in(root)));
            } else if (file.isPresent()) {
                send(exchange, file.get());
            } else {
                send(exchange, 404, TEXT, "there is no such file here; / lists all runs\n");
            }
        } catch (IOException | RuntimeException e) {
            if (exchange.getResponseCode() != NONE_YET) {
                // The server then closes the connection, so that a truncated file does not look complete.
                throw new IOException(e);
            }
            send(exchange, 500, TEXT, "this cannot be shown: " + e.getMessage() + "\n");
        }
    }

    /** The file at a path, if it is inside the folder after resolving links and dots. */
    private Optional<Path> find(String path) {
        try {
            Path file = root.resolve(path.substring(1)).toRealPath();
            return file.startsWith(root) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String type(Path file) {
        String name = file.getFileName().toString();
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), TEXT);
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        setHeaders(exchange, type);
        exchange.sendResponseHeaders(status, hasBody(exchange) ? body.length : NO_BODY);
        if (hasBody(exchange)) {
            exchange.getResponseBody().write(body);
        }
    }

    /** In chunks, because a file may grow during the transfer. */
    private static void send(HttpExchange exchange, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            setHeaders(exchange, type(file));
            exchange.sendResponseHeaders(200, hasBody(exchange) ? CHUNKED : NO_BODY);
            if (hasBody(exchange)) {
                in.transferTo(exchange.getResponseBody());
            }
        }
    }

    private static boolean hasBody(HttpExchange exchange) {
        return !exchange.getRequestMethod().equals("HEAD");
    }

    private static void setHeaders(HttpExchange exchange, String type) {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        // A page contains its own style and script, and loads nothing.
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
