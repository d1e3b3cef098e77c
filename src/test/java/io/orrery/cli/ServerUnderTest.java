package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.launch.JavaCommand;
import io.orrery.launch.TestNodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM that runs {@code serve}. It is killed when this is closed, and when the tests end in any other way. */
final class ServerUnderTest implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("replica (\\S+) is ready at (http://\\S+)");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final List<String> QUICK = List.of("-XX:+UseSerialGC", TestNodes.QUICK);

    private final BoundProcess bound;
    private final Process process;
    private final Path errors;
    private final Map<String, String> urls = new LinkedHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Starts a server in a directory, without waiting for it. */
    private ServerUnderTest(Path directory, List<String> before, List<String> flags, String conf) throws IOException {
        errors = Files.createTempFile(directory, "stderr", ".txt");
        bound = BoundProcess.start(new ProcessBuilder(command(before, flags, "serve", conf))
                .directory(directory.toFile())
                .redirectError(errors.toFile()));
        process = bound.process();
    }

    private static List<String> command(List<String> before, List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>(before);
        List<String> all = new ArrayList<>(QUICK);
        all.addAll(flags);
        command.addAll(JavaCommand.of(all, Main.class.getName(), List.of(arguments)));
        return command;
    }

    /** Starts a server and waits until it says that it is ready. */
    static ServerUnderTest start(Path directory, String conf) throws IOException {
        return start(directory, List.of(), conf);
    }

    /** @param heap how much memory it may have, such as {@code 64m} */
    static ServerUnderTest startSmall(Path directory, String heap, String conf) throws IOException {
        return ready(new ServerUnderTest(directory, List.of(), List.of("-Xmx" + heap), conf));
    }

    /** @param before what stands before the command, to run it in another way */
    static ServerUnderTest start(Path directory, List<String> before, String conf) throws IOException {
        return ready(new ServerUnderTest(directory, before, List.of(), conf));
    }

    private static ServerUnderTest ready(ServerUnderTest server) throws IOException {
        BufferedReader out = server.process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith("Ctrl-C stops it.")) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                server.urls.put(ready.group(1), ready.group(2));
            }
            line = out.readLine();
        }
        if (line == null) {
            server.close();
            throw new IllegalStateException("it did not start: " + server.errors());
        }
        return server;
    }

    /** What a server says that does not start, and its exit code. */
    static String refusal(Path directory, String conf) throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(directory, List.of(), List.of(), conf)) {
            assertTrue(server.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it did not end");
            return server.process.exitValue() + ": " + server.errors();
        }
    }

    List<String> replicas() {
        return List.copyOf(urls.keySet());
    }

    String errors() {
        try {
            return Files.readString(errors).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> put(String replica, String key, String json) throws IOException, InterruptedException {
        return client.send(
                request(replica, "/kv/" + key)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> post(String replica, String path) throws IOException, InterruptedException {
        return client.send(request(replica, path).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    /** Asks for what is there, or deletes it. */
    HttpResponse<String> ask(String replica, String method, String path) throws IOException, InterruptedException {
        return client.send(
                request(replica, path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    /** How long an answer is, of which nothing is kept. */
    long length(String replica, String path) throws IOException, InterruptedException {
        try (InputStream body = client.send(request(replica, path).GET().build(), BodyHandlers.ofInputStream())
                .body()) {
            return body.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** All that a replica holds. */
    Map<String, String> data(String replica) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request(replica, "/kv").GET().build(), BodyHandlers.ofString());
        Map<String, String> data = new TreeMap<>();
        for (JsonNode item : MAPPER.readTree(answer.body()).get("data")) {
            data.put(item.get("key").asText(), item.get("value").toString());
        }
        return data;
    }

    private HttpRequest.Builder request(String replica, String path) {
        return HttpRequest.newBuilder(URI.create(urls.get(replica) + path)).timeout(PATIENCE);
    }

    /** SIGKILL: it cannot even say goodbye. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. Returns the exit code. */
    int terminate() throws InterruptedException {
        assertTrue(process.toHandle().destroy());
        assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it did not end");
        return process.exitValue();
    }

    @Override
    public void close() {
        bound.close();
    }
}
