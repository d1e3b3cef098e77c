package io.orrery.report.served;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Shows the runs in a folder on loopback: an index, and the files in it. Nothing can be changed, and nothing else seen. */
public final class ReportServer implements AutoCloseable {
    private static final int THREADS = 4;

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json",
            "png", "image/png");

    /** What else there is are texts, to be read in the browser. */
    private static final String TEXT = "text/plain; charset=utf-8";

    /** As it was given, for people. */
    private final Path folder;

    /** The same without links, which all that is shown begins with. */
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
     * @param port 0 stands for any that is free
     * @throws java.net.BindException when the port is in use
     * @throws IOException when there is no such folder
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
        try (exchange) {
            String method = exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, TEXT, bytes("this only shows: GET and HEAD, not " + method + "\n"));
            } else if (path.equals("/")) {
                send(exchange, 200, TYPES.get("html"), bytes(IndexPage.of(folder, KeptRun.in(root))));
            } else {
                Optional<Path> file = find(path);
                if (file.isPresent()) {
                    send(exchange, 200, type(file.get()), Files.readAllBytes(file.get()));
                } else {
                    send(exchange, 404, TEXT, bytes("there is no such file here; / lists all runs\n"));
                }
            }
        }
    }

    /** The file at a path, if it is one of the folder's, wherever links and dots lead. */
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        // A page has its own style and script in it, and loads nothing.
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:");
        boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
        if (hasBody) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
