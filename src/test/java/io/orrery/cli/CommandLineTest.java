package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.deployment.Security;
import io.orrery.deployment.Security.Tokens;
import io.orrery.deployment.Token;
import io.orrery.http.TestServer;
import io.orrery.report.served.ReportServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommandLineTest {
    private static final String LONGER = "Texts that end in … are shortened; --json shows them in full.\n";

    private TestServer server;

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void putGetDelete() {
        assertEquals(new Ran(0, "x = 1  (version 1@A, applied at A)\n", ""), run("put", "x", "1"));
        assertEquals(new Ran(0, "x = 1  (version 1@A, applied at A)\n", ""), run("get", "x"));
        assertEquals(new Ran(0, "x deleted  (version 2@A, applied at A)\n", ""), run("delete", "x"));
        assertEquals(new Ran(1, "", "there is no key \"x\" at A\n"), run("get", "x"));
    }

    @Test
    void theStatusHasWhatOnlyItsProtocolHas() throws IOException {
        try (TestServer elected = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "raft.conf")))) {
            runAlone("put", "x", "1", "--node", elected.url("1"));
            List<String> leaders = new ArrayList<>();
            for (int id = 1; id <= 5; id++) {
                String node = elected.url(String.valueOf(id));
                JsonNode facts = new ObjectMapper()
                        .readTree(runAlone("status", "--json", "--node", node).out())
                        .get("facts");
                if (facts.get("role").asText().equals("leader")) {
                    leaders.add(facts.get("leader").asText());
                    assertEquals(facts.get("last"), facts.get("commit"));
                }
                assertTrue(facts.get("term").asLong() > 0, facts.toString());
                String shown = runAlone("status", "--node", node).out();
                assertTrue(shown.contains("\nrole      ") && shown.contains("\napplied   "), shown);
            }
            assertEquals(1, leaders.size(), leaders.toString());
        }
        assertFalse(run("status").out().contains("role"));
    }

    @Test
    void aWriteMayHaveACondition() {
        try (TestServer leading =
                TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "primary-linearizable.conf")))) {
            String node = leading.url("2");
            assertEquals(
                    0, runAlone("put", "x", "1", "--if-absent", "--node", node).exitCode());
            assertEquals(
                    new Ran(1, "", "key \"x\" has version 1@1: nothing was changed\n"),
                    runAlone("put", "x", "2", "--if-absent", "--node", node));
            assertEquals(
                    new Ran(0, "x = 3  (version 2@1, applied at 2)\n", ""),
                    runAlone("put", "x", "3", "--if-version", "1@1", "--node", node));
            assertEquals(
                    new Ran(1, "", "key \"x\" has version 2@1: nothing was changed\n"),
                    runAlone("delete", "x", "--if-version", "1@1", "--node", node));
            assertEquals(
                    0,
                    runAlone("delete", "x", "--if-version", "2@1", "--node", node)
                            .exitCode());
            Ran both = runAlone("put", "x", "4", "--if-version", "1@1", "--if-absent", "--node", node);
            assertEquals(2, both.exitCode(), both.err());
            Ran wrong = runAlone("put", "x", "4", "--if-version", "one", "--node", node);
            assertEquals(new Ran(2, "", "--if-version: a version is COUNTER@NODE, not \"one\"\n"), wrong);
        }
        assertEquals(2, run("put", "x", "1", "--if-absent").exitCode(), "lamport-lww does not offer it");
    }

    @Test
    void aSessionGoesOnWhereAKeyIsAbsent() {
        try (TestServer causal =
                TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "vector-causal.conf")))) {
            String node = causal.url("node1");
            runAlone("put", "x", "1", "--node", node);
            String session = runAlone("delete", "x", "--node", node).out().replaceAll("(?s).*session: ", "");
            assertEquals(
                    new Ran(1, "session: " + session, "there is no key \"x\" at node1\n"),
                    runAlone("get", "x", "--node", node));
            Ran json = runAlone("get", "x", "--json", "--node", node);
            assertEquals(1, json.exitCode());
            assertTrue(json.out().startsWith("{\"session\":\"" + session.strip() + "\","), json.out());
        }
    }

    @Test
    void aServerThatIsNoReplicaDoesNotSayThatAKeyIsAbsent(@TempDir Path folder) throws IOException {
        try (ReportServer other = ReportServer.start(folder, 0)) {
            String node = "http://127.0.0.1:" + other.address().getPort();
            assertEquals(
                    new Ran(2, "", "the server answered with status 404; is it an Orrery replica?\n"),
                    runAlone("get", "x", "--node", node));
            assertEquals(2, runAlone("get", "x", "--json", "--node", node).exitCode());
        }
    }

    @Test
    void whatWasOnlyHandedOnHasNoVersionYet() {
        try (TestServer eventual =
                TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "primary-eventual.conf")))) {
            assertEquals(
                    new Ran(0, "r = 5  (accepted at 3)\n", ""), runAlone("put", "r", "5", "--node", eventual.url("3")));
            assertEquals(
                    new Ran(0, "r deleted  (accepted at 3)\n", ""),
                    runAlone("delete", "r", "--node", eventual.url("3")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lost | \"lost\"",
                "two words | \"two words\"",
                "say \"hi\" | \"say \\\"hi\\\"\"",
                "\"quoted\" | \"quoted\"",
                "{ \"a\": [1.10, null] } | {\"a\":[1.10,null]}",
                "9007199254740993 | 9007199254740993",
                "01 | \"01\"",
                "true | true",
                "😀 | \"😀\"",
                "`` | \"\"",
            })
    void aValueIsJsonOrElseAText(String typed, String json) {
        assertEquals(
                "x = " + json + "  (version 1@A, applied at A)\n",
                run("put", "x", typed).out());
        assertEquals(
                "x = " + json + "  (version 1@A, applied at A)\n",
                run("get", "x").out());
    }

    @Test
    void aNegativeNumberComesAfterTwoDashes() {
        assertEquals(new Ran(0, "x = -1  (version 1@A, applied at A)\n", ""), run("put", "--", "x", "-1"));
    }

    @Test
    void keysMayHaveAnyLetters() {
        assertEquals(0, run("put", "a/b c?é", "1").exitCode());
        assertEquals(new Ran(0, "a/b c?é = 1  (version 1@A, applied at A)\n", ""), run("get", "a/b c?é"));
    }

    @Test
    void jsonIsTheAnswerOfTheServer() {
        String answer = "{\"key\":\"x\",\"value\":1,\"version\":\"1@A\",\"node\":\"A\",\"status\":\"applied\"}\n";
        assertEquals(new Ran(0, answer, ""), run("put", "x", "1", "--json"));
        assertEquals(new Ran(0, answer, ""), run("get", "x", "--json"));
        Ran absent = run("get", "y", "--json");
        assertEquals(1, absent.exitCode());
        assertTrue(absent.out().contains("\"status\":404"), absent.out());
    }

    @Test
    void statusAndData() {
        assertEquals("replica A is empty\n", run("data").out());
        run("put", "long-key", "{\"a\":1}");
        run("put", "x", "2");
        assertEquals("""
                KEY       VALUE    VERSION
                long-key  {"a":1}  1@A
                x         2        2@A
                """, run("data").out());
        String status = run("status").out();
        assertTrue(status.startsWith("replica   A\nprotocol  lamport-lww\nstate     running\nclock     2\n"), status);
        assertTrue(status.contains("vector    {A: 2}\nkeys      2 (and 0 deleted)\n"), status);
    }

    @Test
    void tablesOfLongKeysFitTheTerminal() {
        String key = "k".repeat(300);
        run("put", key, "\"" + "v".repeat(400) + "\"");
        String whole = run("data").out();
        assertTrue(whole.contains(key) && whole.contains("v".repeat(400)), whole);
        onATerminalOf80Columns(() -> {
            for (Ran ran : List.of(run("data"), run("link", "A", "B", "--key", key, "--delay", "1s"))) {
                assertEquals(0, ran.exitCode(), ran.err());
                assertFits(ran.out());
            }
            assertTrue(run("data").out().endsWith(LONGER));
        });
    }

    @Test
    void theStatusOfWritesWithLongKeysFitsTheTerminal() {
        String key = "k".repeat(300);
        try (TestServer cops = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "cops.conf")))) {
            runAlone("link", "1", "3", "--delay", "1h", "--node", cops.url("1"));
            String wrote = session(runAlone("put", key, "1", "--node", cops.url("1")));
            String read = session(runAlone("get", key, "--session", wrote, "--node", cops.url("2")));
            runAlone("put", key + "2", "2", "--session", read, "--node", cops.url("2"));
            String status;
            do {
                status = runAlone("status", "--node", cops.url("3")).out();
            } while (!status.contains("holds back"));
            assertTrue(status.contains(key + "2 3@2, waits for " + key + " at 1@1"), status);
            onATerminalOf80Columns(() -> {
                String shown = runAlone("status", "--node", cops.url("3")).out();
                assertFits(shown);
                assertTrue(shown.contains("\nholds back  kkk") && shown.endsWith(LONGER), shown);
            });
        }
    }

    private static String session(Ran ran) {
        return ran.out().replaceAll("(?s).*session: ", "").strip();
    }

    private static void assertFits(String shown) {
        assertTrue(shown.lines().allMatch(line -> line.length() <= 80), shown);
    }

    private static void onATerminalOf80Columns(Runnable trial) {
        String before = System.getProperty("orrery.columns");
        System.setProperty("orrery.columns", "80");
        try {
            trial.run();
        } finally {
            if (before == null) {
                System.clearProperty("orrery.columns");
            } else {
                System.setProperty("orrery.columns", before);
            }
        }
    }

    @Test
    void watchFollowsAReplica() {
        run("put", "x", "1");
        String beginning = "earlier-0";
        assertEquals(
                new Ran(0, "x = 1  (version 1@A, applied at A)\n", ""),
                run("watch", "--count", "1", "--after", beginning));
        CompletableFuture<Ran> watching =
                CompletableFuture.supplyAsync(() -> run("watch", "--count", "3", "--json", "--after", beginning));
        run("delete", "x");
        run("put", "y", "2");
        assertEquals("""
                {"key":"x","value":1,"version":"1@A","node":"A"}
                {"key":"x","deleted":true,"version":"2@A","node":"A"}
                {"key":"y","value":2,"version":"3@A","node":"A"}
                """, watching.join().out());
    }

    @Test
    void watchSaysThatTheConnectionHasEnded() {
        run("put", "x", "1");
        String url = server.url("A");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CompletableFuture<Integer> watching = CompletableFuture.supplyAsync(() -> Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "watch",
                "--after",
                "earlier-0",
                "--node",
                url));
        TestServer.eventually("it watches", () -> out.toString().contains("x = 1"));
        server.close();
        assertEquals(2, watching.join());
        assertEquals("the connection to " + url + " has ended\n", err.toString());
    }

    /** As the connection to a server that is killed does. */
    @Test
    void watchSaysThatTheConnectionBrokeOff() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String url = "http://127.0.0.1:" + listening.getLocalPort();
            CompletableFuture<Ran> watching = CompletableFuture.supplyAsync(() -> runAlone("watch", "--node", url));
            try (Socket connection = listening.accept()) {
                BufferedReader request = new BufferedReader(new InputStreamReader(connection.getInputStream()));
                while (!request.readLine().isEmpty()) {
                    // It asks.
                }
                connection.getOutputStream().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
            }
            Ran ran = watching.join();
            assertEquals(2, ran.exitCode(), ran.err());
            assertTrue(ran.err().startsWith("the connection to " + url + " has ended: "), ran.err());
        }
    }

    @Test
    void linksAndPartitions() {
        Ran links = run("link", "A", "C", "--delay", "3s", "--loss", "0.5");
        assertEquals(0, links.exitCode());
        assertTrue(links.out().contains("A     C   3s     0.5   0.0        open   0\n"), links.out());
        assertTrue(run("link", "*", "C", "--cut").out().contains("B     C   0s     0.0   0.0        cut "));
        assertFalse(run("link", "*", "C", "--no-cut").out().contains("cut"));
        assertEquals(4, lines(run("partition", "A", "B,C").out(), " partitioned "));
        assertEquals(4, lines(run("link").out(), " partitioned "));
        assertEquals(2, lines(run("heal", "*", "A").out(), " partitioned "));
        assertEquals(0, lines(run("heal").out(), " partitioned "));
        Ran runs = run("link", "A", "C", "--loss-run", "3..20");
        assertTrue(runs.out().contains("A     C   3s     0.5 in runs of 3..20  0.0        open "), runs.out());
        assertEquals(0, lines(run("link", "A", "C", "--loss-run", "1").out(), "in runs of"));
        assertEquals(4, lines(run("isolate", "B").out(), " partitioned "));
    }

    @Test
    void oneKeyCanBeSlowedAlone() {
        Ran slowed = run("link", "A", "C", "--key", "y", "--delay", "5s");
        assertEquals(0, slowed.exitCode(), slowed.err());
        assertEquals(1, lines(slowed.out(), "A +C +5s +key y"), slowed.out());
        assertEquals(1, lines(run("link", "A", "C", "--kind", "update", "--cut").out(), "A +C +cut +kind update"));
        assertEquals(1, lines(run("heal").out(), "A +C +5s +key y"));
        assertEquals(0, lines(run("link").out(), "kind update"));
        Ran wrong = run("link", "A", "C", "--kind", "updat", "--cut");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().startsWith("no message of lamport-lww is of the kind \"updat\"; there are: update, "));
    }

    @Test
    void aReplicaComesAndGoes() {
        run("put", "x", "1");
        assertEquals(new Ran(0, "replica A is paused\n", ""), run("pause", "A"));
        assertEquals(new Ran(0, "replica A is running\n", ""), run("resume", "A"));
        assertEquals(new Ran(0, "replica A is down\n", ""), run("crash", "A"));
        assertEquals(new Ran(1, "replica A is down\n", ""), run("pause", "A"), "it is not as it was ordered");
        assertEquals(new Ran(1, "replica A is down\n", ""), run("resume", "A"));
        assertEquals(1, run("resume", "A", "--json").exitCode());
        assertEquals(new Ran(1, "", "replica A is down\n"), run("get", "x"));
        assertEquals(new Ran(1, "", "replica A is down\n"), run("put", "x", "2"));
        assertTrue(run("status").out().contains("state     down\n"));
        assertEquals(new Ran(0, "replica A is running\n", ""), run("restart", "A"));
        assertEquals(0, run("get", "x").exitCode());
        assertEquals(new Ran(0, "replica A is down\n", ""), run("wipe", "A"));
        assertEquals(new Ran(2, "", "there is no replica \"Q\"; there are [A, B, C]\n"), run("crash", "Q"));
    }

    @Test
    void badInputIsExplained() {
        assertEquals(new Ran(2, "", "a key may not be empty\n"), run("get", ""));
        assertEquals(new Ran(2, "", "the keys . and .. cannot stand in a path of HTTP\n"), run("get", ".."));
        assertEquals(
                new Ran(2, "", "a key is at most 1024 bytes of UTF-8, and this one has 1025\n"),
                run("get", "k".repeat(1025)));
        assertEquals(
                new Ran(2, "", "a key must be valid Unicode (it has an unpaired surrogate)\n"),
                run("put", "\ud800", "1"));
        assertEquals(new Ran(2, "", "a time here is 0 or more, not -3s\n"), run("link", "A", "B", "--delay=-3s"));
        assertEquals(new Ran(2, "", "link takes FROM and TO, or neither; '*' stands for all\n"), run("link", "A"));
        assertEquals(new Ran(2, "", "heal takes FROM and TO, or neither; '*' stands for all\n"), run("heal", "A"));
        assertEquals(new Ran(2, "", "replica A is in two groups, or in one twice\n"), run("partition", "A,A"));
    }

    @Test
    void nobodyAnswers() throws IOException {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        assertEquals(
                new Ran(
                        2,
                        "",
                        "nothing answers at http://localhost:" + free
                                + "; ./run.sh serve starts a server, ./run.sh node a node\n"),
                runAlone("get", "x", "--node", "localhost:" + free));
        String wrong = "--node is an address such as http://localhost:8000, not ";
        assertEquals(new Ran(2, "", wrong + "\"ftp://x\"\n"), runAlone("get", "x", "--node", "ftp://x"));
        assertEquals(new Ran(2, "", wrong + "\"http://a b\"\n"), runAlone("get", "x", "--node", "http://a b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sim",
                "check",
                "reports",
                "serve",
                "node",
                "cluster",
                "backup",
                "restore",
                "verify",
                "put",
                "get",
                "delete",
                "status",
                "data",
                "watch",
                "link",
                "partition",
                "isolate",
                "heal",
                "crash",
                "wipe",
                "restart",
                "pause",
                "resume",
                "slow-disk",
                "repair-disk",
                "soak",
                "bench",
                "bench simulation",
                "bench buffer",
                "bench check",
                "bench journal",
                "bench cluster",
                "bench throughput",
                "bench latency",
                "bench quorum",
                "bench frontier",
                "compare"
            })
    void everyCommandTellsMoreOfItself(String command) {
        Ran ran = runAlone((command + " --help").split(" "));
        assertEquals(0, ran.exitCode(), ran.err());
        assertTrue(ran.out().startsWith("Usage: ./run.sh " + command), ran.out());
    }

    @Test
    void throughputIsNotMeasuredInNoRoundsOrWithoutClients() {
        String numbers = "--replicas, --rounds and --connections are 1 or more, not ";
        assertEquals(
                new Ran(2, "", "--rounds is 1 or more, not 0\n"), runAlone("bench", "throughput", "--rounds", "0"));
        assertEquals(
                new Ran(2, "", numbers + "3, 5 and [1, 0]\n"), runAlone("bench", "throughput", "--connections", "1,0"));
        assertEquals(2, runAlone("bench", "throughput", "--protocol", "lamport").exitCode());
    }

    @Test
    void aFolderStandsForItsScenarioFiles(@TempDir Path folder) throws IOException {
        assertEquals(
                "there are no scenario files (*.conf) in the folder " + folder,
                runAlone("sim", folder.toString()).err().lines().findFirst().orElse(""));
        for (String name : List.of("second", "first")) {
            Files.writeString(
                    folder.resolve(name + ".conf"),
                    "protocol = lamport-lww, replicas = [A], steps = [{ at = 0s, via = A, get = x, expect = null }]");
        }
        Ran ran = runAlone("sim", folder.toString());
        assertEquals(0, ran.exitCode(), ran.err());
        assertTrue(ran.out().matches("(?s).*\\nfirst .*\\nsecond .*"), ran.out());
        assertEquals(
                "--svg draws one scenario, not 2: name one file, or draw each with --out",
                runAlone("sim", folder.toString(), "--svg", "x.svg")
                        .err()
                        .lines()
                        .findFirst()
                        .orElse(""));
    }

    @Test
    void withoutACommandAllScenariosAreSimulatedAndWhatComesNextIsSaid() {
        Ran ran = runAlone();
        assertEquals(0, ran.exitCode(), ran.out() + ran.err());
        assertTrue(ran.out().contains("lamport-delay"), ran.out());
        List<String> lines = ran.out().lines().toList();
        String last = lines.get(lines.size() - 1);
        assertTrue(
                last.matches(
                        "All \\d+ scenarios went as expected; ✗ marks a level that did not hold in that run, which is"
                                + " no failure: .*Next: ./run.sh sim .*"),
                last);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xyzzy",
                "get",
                "get x y",
                "put x",
                "get x --colour",
                "link A B --loss much",
                "partition",
                "crash",
                "serve a b",
                "serve --log-level loud",
                "sim --width 0",
                "completion fish",
                "help xyzzy",
                "help bench xyzzy",
                "cluster"
            })
    void wrongUsageShowsTheUsage(String arguments) {
        Ran ran = runAlone(arguments.split(" "));
        assertEquals(2, ran.exitCode());
        assertEquals("", ran.out());
        assertTrue(ran.err().contains("Usage: ./run.sh"), ran.err());
        assertFalse(ran.err().contains("\tat "), ran.err());
    }

    @Test
    void anUnknownCommandIsNamedWithWhatWasMeant() {
        assertEquals(unknown("statsu", "status", "./run.sh"), runAlone("statsu", "--node", "x"));
        assertEquals(unknown("stat", "status", "./run.sh"), runAlone("help", "stat"));
        assertEquals(unknown("set", "put", "./run.sh"), runAlone("set", "x", "1"));
        assertEquals(unknown("simulate", "sim", "./run.sh"), runAlone("simulate"));
        assertEquals(unknown("qorum", "quorum", "./run.sh bench"), runAlone("bench", "qorum"));
        assertTrue(runAlone("p").err().startsWith("there is no command \"p\"\nUsage: "));
    }

    private static Ran unknown(String name, String meant, String parent) {
        return new Ran(
                2,
                "",
                "there is no command \"" + name + "\"; did you mean \"" + meant + "\"?\n" + parent
                        + " --help shows all commands\n");
    }

    @Test
    void helpOfACommandIsItsUsage() {
        assertEquals(runAlone("check", "--help"), runAlone("help", "check"));
        assertEquals(runAlone("bench", "latency", "--help"), runAlone("help", "bench", "latency"));
        assertEquals(runAlone("--help"), runAlone("help"));
    }

    @Test
    void theVersionIsThatOfOrreryAndOfJava() {
        Ran version = runAlone("version");
        assertTrue(
                version.out().matches("Orrery .+\nJava " + System.getProperty("java.version") + ".+\n"), version.out());
        assertEquals(version, runAlone("--version"));
        assertEquals(version, runAlone("-V"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bench"})
    void theListOfCommandsTellsOfEachInWholeSentences(String command) {
        String help = runAlone((command + " --help").strip().split(" ")).out();
        String list = help.substring(help.indexOf("Commands:\n") + "Commands:\n".length())
                .split("\n\n")[0];
        for (String one : list.split("\n(?=  \\S)")) {
            assertTrue(one.stripTrailing().endsWith("."), one);
        }
    }

    @Test
    void helpIsNoError() {
        Ran help = runAlone("--help");
        assertEquals(0, help.exitCode());
        for (String command : List.of(
                "serve",
                "cluster",
                "put",
                "get",
                "delete",
                "status",
                "data",
                "watch",
                "link",
                "partition",
                "isolate",
                "heal",
                "crash",
                "wipe",
                "restart",
                "pause",
                "resume",
                "slow-disk",
                "repair-disk")) {
            assertTrue(help.out().contains("\n  " + command + " "), command);
            assertEquals(0, runAlone(command, "--help").exitCode());
        }
    }

    @Test
    void aTokenComesFromAFile(@TempDir Path directory) throws IOException {
        String client = "client-token-0123456789";
        String lab = "lab-token-0123456789";
        Path clientFile = Files.writeString(directory.resolve("client.token"), client + "\n");
        Path labFile = Files.writeString(directory.resolve("lab.token"), lab + "\n");
        Files.setPosixFilePermissions(clientFile, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(labFile, PosixFilePermissions.fromString("rw-------"));
        Tokens tokens = new Tokens(Token.of(client), Optional.of(Token.of(lab)));
        try (TestServer closed = TestServer.secured(
                new Security(false, Optional.empty(), Optional.empty(), Optional.of(tokens)), true)) {
            String node = closed.url("A");
            Ran put = runAlone("put", "x", "1", "--node", node, "--token-file", clientFile.toString());
            assertEquals(new Ran(0, "x = 1  (version 1@A, applied at A)\n", ""), put);
            Ran crash = runAlone("crash", "B", "--node", node, "--token-file", labFile.toString());
            assertEquals(new Ran(0, "replica B is down\n", ""), crash);
            String wanted = "the replica requires a token, and got none or a wrong one: set ORRERY_TOKEN in the"
                    + " environment, or give --token-file FILE; commands that inject faults need the lab's token\n";
            assertEquals(new Ran(2, "", wanted), runAlone("put", "x", "2", "--node", node));
            assertEquals(new Ran(2, "", wanted), runAlone("get", "x", "--node", node));
            assertEquals(new Ran(2, "", wanted), runAlone("watch", "--node", node));
            Ran restart = runAlone("restart", "B", "--node", node, "--token-file", clientFile.toString());
            assertEquals(new Ran(2, "", wanted), restart);
            Files.setPosixFilePermissions(clientFile, PosixFilePermissions.fromString("rw-r-----"));
            Ran exposed = runAlone("get", "x", "--node", node, "--token-file", clientFile.toString());
            assertEquals(put.out(), exposed.out());
            assertEquals(
                    "others on this machine can read the token in " + clientFile + "; chmod 600 closes it\n",
                    exposed.err());
        }
    }

    @Test
    void aFileThatIsNoTokenOrAuthorityIsNamed(@TempDir Path directory) throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        assertEquals(
                new Ran(
                        2,
                        "",
                        "--token-file: the file " + empty
                                + " holds no token: a token has from 16 to 1024 letters, not 0\n"),
                run("get", "x", "--token-file", empty.toString()));
        assertEquals(
                new Ran(2, "", "the file " + empty + " holds no certificate in PEM form\n"),
                runAlone("get", "x", "--node", "localhost:8000", "--ca", empty.toString()));
        assertEquals(
                new Ran(
                        2,
                        "",
                        "--ca needs a replica at https://, and --node is http://localhost:8000, which is not encrypted\n"),
                runAlone("get", "x", "--node", "http://localhost:8000", "--ca", empty.toString()));
        assertEquals(
                new Ran(
                        2,
                        "",
                        "--token-file: there is no such file; it is the name of a file that holds the token, not the token"
                                + " itself\n"),
                run("get", "x", "--token-file", "no.token"));
    }

    @Test
    void serveSaysWhatIsWrongWithADeployment(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.conf"), "protocl = lamport-lww\n");
        assertEquals(
                new Ran(
                        2,
                        "",
                        file + ":1: there is no key \"protocl\" here; did you mean \"protocol\"?\n" + file
                                + ":1: \"replicas\" is missing\n"),
                runAlone("serve", file.toString()));
        assertEquals(new Ran(2, "", "no.conf: there is no such file\n"), runAlone("serve", "no.conf"));
    }

    @Test
    void clusterSaysWhatItCannotStart(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("mine.conf"), "protocol = lamport-lww, replicas = [{ id = A, http { port = 0 } }]");
        assertEquals(
                new Ran(
                        2,
                        "",
                        "replica A has no remoting address, at which the other nodes could reach it;"
                                + " in the deployment it would be remoting { port = 7000 } beside its http address\n"),
                runAlone("cluster", file.toString()));
        assertEquals(
                new Ran(2, "", "--heap is a size such as 512m or 1g, not \"much\"\n"),
                runAlone("cluster", file.toString(), "--heap", "much"));
        assertEquals(new Ran(2, "", "no.conf: there is no such file\n"), runAlone("cluster", "no.conf"));
    }

    @Test
    void serveNamesAPortThatIsInUse(@TempDir Path directory) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            Path file = Files.writeString(
                    directory.resolve("mine.conf"),
                    "protocol = lamport-lww, replicas = [{ id = A, http { port = " + port + " } }]");
            assertEquals(
                    new Ran(2, "", "port " + port + " is in use: replica A cannot listen on 127.0.0.1:" + port + "\n"),
                    runAlone("serve", file.toString()));
        }
    }

    private static long lines(String text, String pattern) {
        return text.lines().filter(line -> line.matches(".*" + pattern + ".*")).count();
    }

    private Ran run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("--node", server.url("A")));
        return runAlone(all.toArray(String[]::new));
    }

    private static Ran runAlone(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }
}
