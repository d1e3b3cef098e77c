package io.orrery.client;

import io.orrery.client.RequestFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Requests to a replica's HTTP address. Uses the JDK's old client, which starts several times faster than the new one. */
public final class RestClient {
    private static final int CONNECT_MILLIS = 3_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String node;
    private final Duration patience;

    /** @param node the address of a replica, such as {@code http://localhost:8000} */
    public RestClient(String node) {
        this(node, PATIENCE);
    }

    /** @param patience how long it waits for an answer once it is connected */
    public RestClient(String node, Duration patience) {
        this.patience = patience;
        String withScheme = node.contains("://") ? node : "http://" + node;
        this.node = withScheme.endsWith("/") ? withScheme.substring(0, withScheme.length() - 1) : withScheme;
    }

    /**
     * An answer of the server.
     *
     * @param session the client's context after it; empty where there is none
     */
    public record Answer(int status, String body, String session) {
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** @throws RequestFailure with the problem's words, when the server refused */
        public Answer requireSuccess() {
            if (!isSuccess()) {
                throw failure();
            }
            return this;
        }

        public RequestFailure failure() {
            Kind kind = switch (status) {
                case 403, 503 -> Kind.REFUSED;
                case 504 -> Kind.UNKNOWN;
                default -> Kind.WRONG;
            };
            return new RequestFailure(kind, detail());
        }

        private String detail() {
            try {
                return Document.parse(body).text("detail");
            } catch (IllegalArgumentException e) {
                return "the server answered with status " + status + "; is it an Orrery replica?";
            }
        }
    }

    /** The path of a key. */
    public static String keyPath(String key) {
        return "/kv/" + segment(key);
    }

    public static String segment(String text) {
        // A form's encoding differs from a path's in the space alone. A dot would be taken for a step in the path.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public Answer get(String path) {
        return send("GET", path, null, "", "");
    }

    public Answer send(String method, String path, String body) {
        return send(method, path, body, "", "");
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param body JSON; null for none
     * @param session the client's context; empty for none
     * @param client who asks; empty for nobody in particular
     * @throws RequestFailure when nothing answers
     */
    public Answer send(String method, String path, String body, String session, String client) {
        HttpURLConnection connection = open(path);
        try {
            connection.setRequestMethod(method);
            if (!session.isEmpty()) {
                connection.setRequestProperty("Orrery-Session", session);
            }
            if (!client.isEmpty()) {
                connection.setRequestProperty("Orrery-Client", client);
            }
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                connection.setFixedLengthStreamingMode(bytes.length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(bytes);
                }
            }
            return answer(connection);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String session = connection.getHeaderField("Orrery-Session");
            return new Answer(status, body, session == null ? "" : session);
        }
    }

    /** Opens a stream that goes on until the server ends it. */
    public InputStream stream(String path, Map<String, String> headers) {
        HttpURLConnection connection = open(path);
        try {
            connection.setReadTimeout(0);
            headers.forEach(connection::setRequestProperty);
            if (connection.getResponseCode() >= 400) {
                throw answer(connection).failure();
            }
            return connection.getInputStream();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private HttpURLConnection open(String path) {
        try {
            URI uri = new URI(node + path);
            if (!(uri.toURL().openConnection() instanceof HttpURLConnection connection) || uri.getHost() == null) {
                throw notAnAddress();
            }
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
            return connection;
        } catch (URISyntaxException | MalformedURLException | IllegalArgumentException e) {
            throw notAnAddress();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private RequestFailure notAnAddress() {
        return new RequestFailure(
                Kind.WRONG, "--node is an address such as http://localhost:8000, not \"" + node + "\"");
    }

    private RequestFailure failure(IOException e) {
        if (e instanceof ConnectException || e instanceof UnknownHostException) {
            return new RequestFailure(Kind.WRONG, "nothing answers at " + node + "; ./run.sh serve starts a server");
        }
        if (e instanceof SocketTimeoutException) {
            return new RequestFailure(Kind.UNKNOWN, node + " has not answered in time: the outcome is unknown");
        }
        return new RequestFailure(
                Kind.UNKNOWN, "the connection to " + node + " broke: the outcome is unknown (" + e.getMessage() + ")");
    }
}
