package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.http.TestServer;
import io.orrery.model.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever strangers wrote, a terminal is told nothing by it. */
@Timeout(60)
class TerminalTest {
    /** Clears the screen, sets the title of a window, begins a line, and turns the direction; the last is for terminals of 8 bits. */
    private static final String EVIL = "a\u001b[2J\u001b]0;x\u0007\r\nroot# \u202eb\u009b1m\u0000";

    private static final String JSON = "a\\u001b[2J\\u001b]0;x\\u0007\\r\\nroot# \u202eb\u009b1m\\u0000";
    private static final String SHOWN = "a\\u001b[2J\\u001b]0;x\\u0007\\u000d\\u000aroot# \\u202eb\\u009b1m\\u0000";

    private static String run(String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter both = new PrintWriter(text, true);
        Main.run(both, both, arguments);
        String shown = text.toString();
        shown.chars()
                .filter(c -> c != '\n' && c != '\t')
                .forEach(c -> assertTrue(Printable.is((char) c), () -> "a letter " + c + " in " + shown));
        return shown;
    }

    @Test
    void keysAndValues() throws IOException {
        try (TestServer server = TestServer.start()) {
            String node = server.url("A");
            server.post("A", "/write", "{\"key\":\"" + JSON + "\",\"value\":\"" + JSON + "\"}");
            String data = run("data", "--node", node);
            assertEquals(2, data.lines().count(), data);
            assertTrue(data.contains(SHOWN), data);
            String value = run("data", "--json", "--node", node);
            assertEquals(
                    EVIL, new ObjectMapper().readTree(value).at("/data/0/value").textValue());
            assertEquals(1, run("put", EVIL, EVIL, "--node", node).lines().count());
            assertEquals(1, run("get", EVIL, "--node", node).lines().count());
            assertEquals(1, run("get", "no" + EVIL, "--node", node).lines().count());
            assertEquals(1, run("delete", EVIL, "--node", node).lines().count());
            run("status", "--node", node);
            run("no" + EVIL);
            run("crash", EVIL, "--node", node);
        }
    }

    @Test
    void titlesOfScenarios(@TempDir Path folder) throws IOException {
        Path scenario = folder.resolve("evil.conf");
        Files.writeString(scenario, """
                title    = "EVIL"
                protocol = lamport-lww
                replicas = [A, B]
                steps = [
                  { at = 0s, via = A, put = { key = "EVIL", value = "EVIL" } }
                  { at = 1s, via = B, get = "EVIL", expect = "other" }
                ]
                """.replace("EVIL", JSON));
        String story = run("sim", "--trace", scenario.toString());
        assertTrue(story.contains(SHOWN), story);
        assertTrue(story.lines().noneMatch(line -> line.startsWith("root#")), story);
        run("sim", "--json", scenario.toString());
        Files.writeString(scenario, "protocol = \"" + JSON + "\"");
        run("sim", scenario.toString());
    }

    @Test
    void histories(@TempDir Path folder) throws IOException {
        Path history = folder.resolve("evil.jsonl");
        String operation =
                "{\"time\":%d,\"process\":\"%s\",\"type\":\"%s\",\"f\":\"%s\",\"key\":\"EVIL\",\"value\":%s}\n";
        Files.writeString(
                history,
                (operation.formatted(1, "p", "invoke", "write", "\"EVIL\"")
                                + operation.formatted(2, "p", "ok", "write", "\"EVIL\"")
                                + operation.formatted(3, "q", "invoke", "read", "null")
                                + operation.formatted(4, "q", "ok", "read", "\"otherEVIL\""))
                        .replace("EVIL", JSON));
        String verdict = run("check", "--model", "linearizable", history.toString());
        assertTrue(verdict.contains("\\u001b[2J"), verdict);
        Files.writeString(history, "{\"time\":1,\"process\":1,\"type\":\"" + JSON + "\"}\n");
        run("check", "--model", "linearizable", history.toString());
    }
}
