package io.orrery.report.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportServerTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private Path all;
    private ReportServer server;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(directory.resolve("secret.txt"), "secret");
        all = Files.createDirectory(directory.resolve("reports"));
        server = ReportServer.start(all, 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path run(String path, String result) throws IOException {
        Path folder = Files.createDirectories(all.resolve(path));
        Files.writeString(folder.resolve("result.json"), result);
        return folder;
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve(path))
                .method(method, BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    /** A page of a stranger can make its name point here; its browser then sends that name. */
    @Test
    void aHostThatIsNotThisMachineIsRefused() throws IOException {
        for (String host : List.of("localhost", "127.0.0.1:80", "[::1]", "127.0.0.1")) {
            assertEquals("HTTP/1.1 200 OK", status("/", host), host);
        }
        for (String host : List.of("evil.example.org", "evil.example.org:80", "localhost.example.org")) {
            assertEquals("HTTP/1.1 403 Forbidden", status("/", host), host);
        }
    }

    /** The first line of the answer to a path that is sent as it is. */
    private String status(String path) throws IOException {
        return status(path, "localhost");
    }

    private String status(String path, String host) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    private static final String RESULT = """
            {"scenario": "late", "title": "An update is <late>", "protocol": "lamport-lww", "seed": 7, "holds": %s,
             "at": "%s", "command": "./run.sh sim late.conf",
             "verdicts": [{"model": "linearizable", "verdict": "violated"}, {"model": "pram", "verdict": "holds"}]}""";

    @Test
    void theIndexHasEachRunWithItsVerdictsAndLinksThatWork() throws Exception {
        Path older = run("late one/1", RESULT.formatted(false, "2026-01-02T03:04:05Z"));
        Files.writeString(older.resolve("report.html"), "<p>the report");
        Path newer = run("late one/2", RESULT.formatted(true, "2026-01-02T03:04:06Z"));
        Files.writeString(newer.resolve("shiviz.log"), "a log");
        Files.createSymbolicLink(newer.resolveSibling("latest"), newer.getFileName());
        String page = send("GET", "/").body();
        assertTrue(page.contains("An update is &lt;late&gt;"), page);
        assertTrue(page.contains("<b class=\"violated\">violated</b> linearizable"), page);
        assertTrue(page.contains("<b class=\"holds\">holds</b> pram"), page);
        int first = page.indexOf("2026-01-02 03:04:06");
        int second = page.indexOf("2026-01-02 03:04:05");
        assertTrue(0 < first && first < second, page);
        assertTrue(page.substring(first, second).contains(">as expected<"), page);
        assertTrue(page.substring(second).contains(">not as expected<"), page);
        Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(page);
        List<String> linked = links.results().map(it -> it.group(1)).toList();
        assertEquals(
                List.of(
                        "/late%20one/2/shiviz.log",
                        "/late%20one/2/result.json", "/late%20one/1/report.html", "/late%20one/1/result.json"),
                linked);
        for (String link : linked) {
            assertEquals(200, send("GET", link).statusCode(), link);
        }
        HttpResponse<String> report = send("GET", linked.get(2));
        assertEquals("<p>the report", report.body());
        assertEquals(
                "text/html; charset=utf-8",
                report.headers().firstValue("Content-Type").orElse(""));
        assertEquals("a log", send("GET", "/late%20one/latest/shiviz.log").body());
    }

    @Test
    void aResultThatCannotBeReadIsToldAndHidesNoOther() throws Exception {
        run("broken/1", "{\"scenario\": ");
        run("timeless/1", RESULT.formatted(true, "noon"));
        run("late/1", RESULT.formatted(true, "2026-01-02T03:04:05Z"));
        // The beginning of a text in UTF-32, and no letter after it: the reader fails before there is any JSON.
        Files.write(run("foreign/1", "").resolve("result.json"), new byte[] {0, 0, 0, '{', -1, -1, -1, -1});
        String page = send("GET", "/").body();
        assertTrue(page.contains("foreign/1: result.json cannot be read: "), page);
        assertTrue(page.contains("broken/1: result.json is no JSON, from line 1"), page);
        assertTrue(page.contains("timeless/1: at is no time in result.json: noon"), page);
        assertTrue(page.contains("2026-01-02 03:04:05"), page);
    }

    @Test
    void whatCannotBeShownIsSaidInOneLine() throws Exception {
        Files.delete(directory.resolve("secret.txt"));
        Files.delete(all);
        HttpResponse<String> answer = send("GET", "/");
        assertEquals(500, answer.statusCode());
        assertTrue(answer.body().matches("this cannot be shown: .*reports\\n"), answer.body());
        Files.createDirectory(all);
        assertEquals(200, send("GET", "/").statusCode());
    }

    @Test
    void aLargeFileComesWhole() throws Exception {
        Path trace = run("late/1", "{}").resolve("trace.txt");
        String text = "a line of a long trace\n".repeat(500_000);
        Files.writeString(trace, text);
        assertEquals(text, send("GET", "/late/1/trace.txt").body());
        assertEquals("", send("HEAD", "/late/1/trace.txt").body());
    }

    @Test
    void anEmptyFolderSaysHowToFillIt() throws Exception {
        assertTrue(send("GET", "/").body().contains("--out " + all), "the command");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/..%2fsecret.txt",
                "/%2e%2e/secret.txt",
                "/%2e%2e%2fsecret.txt",
                "/late/../../secret.txt",
                "/late/%2e%2e/%2e%2e/secret.txt",
                "//etc/passwd",
                "/%2fetc/passwd",
                "/link/secret.txt",
                "/secret",
                "/late",
                "/late/%00",
                "/nothing"
            })
    void nothingOutsideTheFolderIsSeen(String path) throws IOException {
        run("late/1", "{}");
        Files.createSymbolicLink(all.resolve("link"), directory);
        Files.createSymbolicLink(all.resolve("secret"), directory.resolve("secret.txt"));
        assertEquals("HTTP/1.1 404 Not Found", status(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST", "DELETE", "OPTIONS"})
    void nothingCanBeChanged(String method) throws Exception {
        Path file = run("late/1", "{}").resolve("result.json");
        HttpResponse<String> answer = send(method, "/late/1/result.json");
        assertEquals(405, answer.statusCode());
        assertEquals("GET, HEAD", answer.headers().firstValue("Allow").orElse(""));
        assertEquals("{}", Files.readString(file));
    }

    @Test
    void headTellsWhatGetWould() throws Exception {
        run("late/1", "{}");
        HttpResponse<String> answer = send("HEAD", "/late/1/result.json");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals(404, send("HEAD", "/late/1/nothing").statusCode());
    }

    @Test
    void itListensOnLoopbackOnlyAndFreesItsPort() throws Exception {
        int port = server.address().getPort();
        assertThrows(BindException.class, () -> ReportServer.start(all, port));
        assertTrue(InetAddress.getByName(server.address().getHost()).isLoopbackAddress());
        server.close();
        ReportServer.start(all, port).close();
    }
}
