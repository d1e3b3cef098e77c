package io.orrery.client;

import io.orrery.client.RequestFailure.Kind;
import io.orrery.deployment.Security;
import io.orrery.deployment.Token;
import io.orrery.model.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends requests to a replica's HTTP address. Uses {@link HttpURLConnection}, which starts several times faster than
 * {@code java.net.http}.
 */
public final class RestClient {
    private static final int CONNECT_MILLIS = 3_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String node;
    private final Duration patience;
    private final Optional<Token> token;
    private final Optional<SSLSocketFactory> trust;
    private final Map<String, String> headers;

    /**
     * @param node the address of a replica, such as {@code http://localhost:8000}
     * @throws RequestFailure if it is not an address
     */
    public RestClient(String node) {
        this(node, PATIENCE);
    }

    /**
     * @param patience the timeout for an answer on an open connection
     * @throws RequestFailure if {@code node} is not an address
     */
    public RestClient(String node, Duration patience) {
        this(normalized(node), patience, Optional.empty(), Optional.empty(), Map.of());
    }

    private RestClient(
            String node,
            Duration patience,
            Optional<Token> token,
            Optional<SSLSocketFactory> trust,
            Map<String, String> headers) {
        this.node = node;
        this.patience = patience;
        this.token = token;
        this.trust = trust;
        this.headers = headers;
    }

    private static String normalized(String node) {
        String withScheme = node.contains("://") ? node : "http://" + node;
        try {
            URI uri = new URI(withScheme);
            if (uri.getHost() == null || !uri.getScheme().matches("(?i)https?")) {
                throw notAnAddress(node);
            }
        } catch (URISyntaxException e) {
            throw notAnAddress(node);
        }
        return withScheme.endsWith("/") ? withScheme.substring(0, withScheme.length() - 1) : withScheme;
    }

    /** The address of the replica. */
    public String node() {
        return node;
    }

    /** A client of the same replica with another timeout for an answer. */
    RestClient withPatience(Duration other) {
        return new RestClient(node, other, token, trust, headers);
    }

    /** A client of the same replica that sends a token. */
    public RestClient withToken(Token shown) {
        return new RestClient(node, patience, Optional.of(shown), trust, headers);
    }

    /**
     * A client of the same replica that trusts only the certificates of one authority.
     *
     * @param authority a PEM file
     * @throws IllegalArgumentException if it cannot be read
     */
    public RestClient trusting(Path authority) {
        return new RestClient(node, patience, token, Optional.of(PrivateAuthority.in(authority)), headers);
    }

    /** A client of the same replica that sends these headers too, with each request. */
    public RestClient withHeaders(Map<String, String> further) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(further);
        return new RestClient(node, patience, token, trust, all);
    }

    /**
     * A client of the same replica with the access that a deployment's security requires: it sends the clients' token
     * and trusts the deployment's certificate.
     */
    public RestClient withAccessTo(Security security) {
        RestClient client =
                security.tokens().map(tokens -> withToken(tokens.client())).orElse(this);
        return security.httpTls()
                .map(identity -> client.trusting(identity.certificate()))
                .orElse(client);
    }

    /**
     * An answer of the server.
     *
     * @param session the session token after the request; empty if there is none
     */
    public record Answer(int status, String body, String session) {
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** @throws RequestFailure with the problem's text if the server refused */
        public Answer requireSuccess() {
            if (!isSuccess()) {
                throw failure();
            }
            return this;
        }

        public RequestFailure failure() {
            Kind kind = switch (status) {
                case 403, 412, 503, 507 -> Kind.REFUSED;
                case 410, 504 -> Kind.UNKNOWN;
                default -> Kind.WRONG;
            };
            return new RequestFailure(kind, detail());
        }

        private String detail() {
            if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
                return "the replica requires a token, and got none or a wrong one: set ORRERY_TOKEN in the environment, or"
                        + " give --token-file FILE; commands that inject faults need the lab's token";
            }
            try {
                return Document.parse(body).text("detail");
            } catch (IllegalArgumentException e) {
                return "the server answered with status " + status + "; is it an Orrery replica?";
            }
        }
    }

    /** The path of a key's route. */
    public static String keyPath(String key) {
        return "/kv/" + segment(key);
    }

    public static String segment(String text) {
        // Form encoding differs from path encoding only in the space. A bare dot would be a path segment.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public Answer get(String path) {
        return send("GET", path, "", "", "");
    }

    public Answer send(String method, String path, String body) {
        return send(method, path, body, "", "");
    }

    /**
     * Sends a request and waits for the answer. A request that may change something is sent at most once.
     *
     * @param body JSON; empty for none
     * @param session the client's session token; empty for none
     * @param client the client's name in the history; empty for an anonymous client
     * @throws RequestFailure if nothing answers
     */
    public Answer send(String method, String path, String body, String session, String client) {
        HttpURLConnection connection = open(path);
        try {
            connection.setRequestMethod(method);
            if (!session.isEmpty()) {
                connection.setRequestProperty(Headers.SESSION, session);
            }
            if (!client.isEmpty()) {
                connection.setRequestProperty(Headers.CLIENT, client);
            }
            // HttpURLConnection resends a body that is not streamed when the connection breaks; only a GET may be
            // repeated.
            if (!method.equals("GET")) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                connection.setFixedLengthStreamingMode(bytes.length);
                connect(connection);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(bytes);
                }
            } else {
                connect(connection);
            }
            return answer(connection);
        } catch (HttpRetryException e) {
            // HttpURLConnection would have to send the body again, and does not return the answer's body.
            return new Answer(e.responseCode(), "", "");
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Like {@link #send} but returns at once. Completes on another thread, with a {@link RequestFailure} if nothing
     * answers.
     */
    public CompletableFuture<Answer> sendAsync(String method, String path, String body, String session, String client) {
        return CompletableFuture.supplyAsync(() -> send(method, path, body, session, client), Threads.POOL);
    }

    /** One thread for each request in flight; created with the first request. */
    private static final class Threads {
        static final ExecutorService POOL = Executors.newCachedThreadPool(DaemonThreads.named("request"));
    }

    /** Connects before it sends anything: if the TLS handshake fails, the request had no effect. */
    private void connect(HttpURLConnection connection) throws IOException {
        try {
            connection.connect();
        } catch (SSLHandshakeException e) {
            throw new RequestFailure(
                    Kind.WRONG,
                    "the certificate of " + node + " is not trusted; --ca FILE names the authority that signed it ("
                            + e.getMessage() + ")");
        } catch (SSLException e) {
            throw new RequestFailure(
                    Kind.WRONG,
                    node + " does not speak HTTPS; without http-tls in its deployment, a replica is at http://… ("
                            + e.getMessage() + ")");
        } catch (IOException e) {
            throw nothingAnswers(e);
        }
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String session = connection.getHeaderField(Headers.SESSION);
            return new Answer(status, body, session == null ? "" : session);
        }
    }

    /** Opens a stream that lasts until the server ends it. */
    public InputStream stream(String path, Map<String, String> headers) {
        return stream(path, headers, Duration.ZERO);
    }

    /** Opens an answer of any length for incremental reading. */
    public InputStream download(String path) {
        return stream(path, Map.of(), patience);
    }

    private InputStream stream(String path, Map<String, String> headers, Duration between) {
        HttpURLConnection connection = open(path);
        try {
            connection.setReadTimeout(Math.toIntExact(between.toMillis()));
            headers.forEach(connection::setRequestProperty);
            connect(connection);
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
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
            // A replica never redirects; following a redirect would leak the token.
            connection.setInstanceFollowRedirects(false);
            headers.forEach(connection::setRequestProperty);
            token.ifPresent(shown -> connection.setRequestProperty("Authorization", "Bearer " + shown.value()));
            if (connection instanceof HttpsURLConnection secure) {
                trust.ifPresent(secure::setSSLSocketFactory);
            }
            return connection;
        } catch (URISyntaxException | MalformedURLException | IllegalArgumentException e) {
            throw notAnAddress(node);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static RequestFailure notAnAddress(String node) {
        return new RequestFailure(
                Kind.WRONG, "--node is an address such as http://localhost:8000, not \"" + node + "\"");
    }

    private RequestFailure failure(IOException e) {
        if (e instanceof ConnectException || e instanceof UnknownHostException) {
            return nothingAnswers(e);
        }
        if (e instanceof SocketTimeoutException) {
            return new RequestFailure(Kind.UNKNOWN, node + " has not answered in time: the outcome is unknown", e);
        }
        return new RequestFailure(
                Kind.UNKNOWN,
                "the connection to " + node + " broke: the outcome is unknown (" + e.getMessage() + ")",
                e);
    }

    private RequestFailure nothingAnswers(IOException e) {
        return new RequestFailure(
                Kind.WRONG, "nothing answers at " + node + "; ./run.sh serve starts a server, ./run.sh node a node", e);
    }
}
