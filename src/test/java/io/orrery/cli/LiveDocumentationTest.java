package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.TestServer;
import io.orrery.launch.FreePorts;
import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.AssertionFailedError;

/**
 * What pages show below {@code serve}, and below the commands and requests after it, is what comes of them. The servers are on ports
 * that are free; where a reader would wait for a slow link, this asks again until it has come. Replicas neither compare what they have
 * meanwhile nor fetch what is late: that would now and then bring a reader what the slow link has not brought yet.
 */
@Execution(ExecutionMode.CONCURRENT)
class LiveDocumentationTest {
    private static final List<String> PAGES = List.of(
            "README.md",
            "src/site/markdown/cluster.md",
            "src/site/markdown/exports.md",
            "src/site/markdown/tour.md",
            "src/site/markdown/labs.md",
            "src/site/markdown/verdicts.md");

    private static final String REPORTS = "./run.sh reports";
    private static final Duration PATIENT = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern SERVE = Pattern.compile("\\./run\\.sh serve(?: (conf/\\S+))?(?: --history (\\S+))?");
    /** But not what DocumentationTest replays. */
    private static final Pattern LIVE = Pattern.compile(
            "(time )?(curl .*|\\./run\\.sh (?!sim |sweep |shrink |explore |matrix |zoo |reports|soak |check (?!run\\.jsonl)).*)");

    private static final Pattern PIPE = Pattern.compile("(.*) \\| grep '?([^']*?)'?");
    private static final Pattern FOUND = Pattern.compile("\\s*(\\S+) = .*\\(version (\\S+), applied at (\\S+)\\)");
    private static final Pattern ASKS =
            Pattern.compile("(time )?\\./run\\.sh (get|status|data|check) .*|curl -s (?!.*(-d|-X) ).*");
    /** Commands whose pages show all that they print. */
    private static final Pattern ALL =
            Pattern.compile("(time )?(\\./run\\.sh (put|get|delete|status|data) .*|curl .*)");
    /** How long something took, and how much memory there is. */
    private static final Pattern VARIES = Pattern.compile(
            "^[\\d.]+s$|(?<=\"cluster\":\")[0-9a-f]{32}|(?<=\"store(Bytes|Limit)\":)\\d+|(?<=\"since\":\")[^\"]+|[\\d.]+ to [\\d.]+ s(?= )|\\d+(?= % of what the store may take)");

    @TempDir
    private Path scratch;

    private final List<String> sessions = new ArrayList<>();
    private Deployment deployment;
    private TestServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** From each {@code serve} of a page to the next, as no server knows of those before it. */
    static List<Arguments> sections() throws IOException {
        List<Arguments> sections = new ArrayList<>();
        for (String page : PAGES) {
            List<Transcript> section = new ArrayList<>();
            for (Transcript example : Transcript.in(Path.of(page))) {
                boolean begins = SERVE.matcher(example.command()).matches();
                if (begins && section.stream().anyMatch(LiveDocumentationTest::isReplayed)) {
                    sections.add(Arguments.of(page, section));
                    section = new ArrayList<>();
                }
                section.add(example);
            }
            if (section.stream().anyMatch(LiveDocumentationTest::isReplayed)) {
                sections.add(Arguments.of(page, section));
            }
        }
        return sections;
    }

    private static boolean isReplayed(Transcript example) {
        String command = example.command();
        return SERVE.matcher(command).matches() || LIVE.matcher(command).matches() || command.equals(REPORTS);
    }

    @Test
    void eachPageHasSomethingToReplay() throws IOException {
        Set<Object> replayed =
                sections().stream().map(section -> section.get()[0]).collect(Collectors.toSet());
        assertEquals(new HashSet<>(PAGES), replayed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sections")
    @Timeout(300)
    void showsWhatComesOfIt(String page, List<Transcript> section) throws Exception {
        List<String> wrong = new ArrayList<>();
        boolean inProcesses = false;
        for (Transcript example : section) {
            Matcher serve = SERVE.matcher(example.command());
            if (serve.matches()) {
                inProcesses = false;
                serve(serve.group(1), Optional.ofNullable(serve.group(2)));
                example.compare(announced(), LiveDocumentationTest::same);
            } else if (example.command().equals(REPORTS)) {
                URI address = URI.create("http://127.0.0.1:9000/");
                example.compare(ReportsCommand.announcement(Path.of("reports"), address), line -> line);
            } else if (example.command().startsWith("./run.sh cluster ")) {
                inProcesses = true;
            } else if (LIVE.matcher(example.command()).matches() && !inProcesses) {
                if (server == null) {
                    serve(null, Optional.empty());
                }
                try {
                    replay(example);
                } catch (AssertionError e) {
                    wrong.add(e.getMessage());
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private void serve(String conf, Optional<String> history) throws IOException {
        stop();
        deployment = DeploymentLoader.load(Path.of(conf == null ? "conf/lamport-lww.conf" : conf));
        server = TestServer.start(withoutComparisons(onFreePorts(deployment)), history.map(scratch::resolve));
    }

    private List<String> announced() {
        List<String> lines = new ArrayList<>(List.of(deployment.title() + " (" + deployment.protocol() + ")"));
        for (Deployment.Member member : deployment.replicas()) {
            lines.add("replica " + member.id() + " is ready at " + deployment.url(member.http()));
        }
        lines.add(
                ServingCommand.hint(deployment.url(deployment.replicas().get(0).http())));
        return lines;
    }

    /** Which must be known: a follower names the address of its leader. */
    private static Deployment onFreePorts(Deployment it) throws IOException {
        List<Deployment.Member> members = new ArrayList<>();
        List<Integer> ports = FreePorts.of(it.replicas().size());
        for (Deployment.Member member : it.replicas()) {
            Deployment.Address http = new Deployment.Address("127.0.0.1", ports.get(members.size()));
            members.add(new Deployment.Member(member.id(), http, Optional.empty()));
        }
        return it.withReplicas(members);
    }

    /** Followers of a quorum that come back find by comparing what they have missed, and nobody waits for a slow link there. */
    private static Deployment withoutComparisons(Deployment it) {
        if (it.protocol().name().equals("leader-quorum")) {
            return it;
        }
        ReplicaSettings.Tuning tuning = it.tuning();
        return new Deployment(
                it.title(),
                it.protocol(),
                it.replicas(),
                it.options(),
                it.links(),
                it.linkChanges(),
                new ReplicaSettings.Tuning(
                        Duration.ofHours(1), PATIENT, tuning.batch(), tuning.buffer(), tuning.storeBytes()),
                it.storage(),
                it.limits(),
                it.lab(),
                it.security());
    }

    private void replay(Transcript example) throws Exception {
        awaitWhatIsFound(example);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        AssertionFailedError first = null;
        while (true) {
            List<String> printed = run(example.command());
            try {
                example.compare(printed, LiveDocumentationTest::same);
                if (ALL.matcher(example.command()).matches() && !example.shown().contains("    ...")) {
                    assertEquals(
                            example.shown().size(),
                            printed.size(),
                            () -> "of " + example.command() + " not all is shown:\n" + String.join("\n", printed));
                }
                return;
            } catch (AssertionFailedError e) {
                first = first == null ? e : first;
                if (!ASKS.matcher(example.command()).matches() || System.nanoTime() > deadline) {
                    throw first;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    /** What a client reads is recorded: so that it asks once, it asks when the replica has what it is to find. */
    private void awaitWhatIsFound(Transcript example) {
        for (String line : example.shown()) {
            Matcher found = FOUND.matcher(line);
            if (example.command().contains("run.sh get ") && found.matches()) {
                RestClient replica = new RestClient(server.url(found.group(3)));
                String entry = "\"key\":\"" + found.group(1) + "\"";
                TestServer.eventually(PATIENCE, line, () -> {
                    String data = replica.get("/kv").body();
                    int key = data.indexOf(entry);
                    return key >= 0 && data.indexOf("\"version\":\"" + found.group(2) + "\"", key) >= 0;
                });
            }
        }
    }

    private static String same(String line) {
        return VARIES.matcher(line).replaceAll("_");
    }

    private List<String> run(String commands) throws Exception {
        List<String> printed = new ArrayList<>();
        for (String command : commands.split("; (?=\\./run\\.sh)")) {
            Matcher pipe = PIPE.matcher(command);
            List<String> lines = one(pipe.matches() ? pipe.group(1) : command);
            lines.stream()
                    .filter(line -> !pipe.matches() || line.contains(pipe.group(2)))
                    .forEach(printed::add);
        }
        return printed;
    }

    private List<String> one(String command) throws Exception {
        boolean timed = command.startsWith("time ");
        String plain = timed ? command.substring("time ".length()) : command;
        List<String> lines = plain.startsWith("curl ") ? curl(plain) : orrery(plain);
        if (timed) {
            lines = new ArrayList<>(lines);
            lines.add("1.000s");
        }
        return lines;
    }

    private List<String> orrery(String command) {
        assertTrue(command.startsWith("./run.sh "), command);
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command.substring("./run.sh ".length()));
        while (word.find()) {
            String it = word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3);
            words.add(it.equals("run.jsonl") ? scratch.resolve(it).toString() : session(moved(it)));
        }
        if (!words.get(0).equals("check") && !words.contains("--node")) {
            words.addAll(1, List.of("--node", moved("localhost:8000")));
        }
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        Main.run(out, out, words.toArray(String[]::new));
        printed.toString()
                .lines()
                .filter(line -> line.startsWith("session: "))
                .forEach(line -> sessions.add(line.substring("session: ".length())));
        return asShown(printed.toString());
    }

    private List<String> curl(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", moved(command))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return asShown(printed);
    }

    /** The session that the page shortens, as it was told last. */
    private String session(String word) {
        if (!word.contains("…")) {
            return word;
        }
        List<String> fitting = sessions.stream()
                .filter(it -> Transcript.pattern(word).matcher(it).matches())
                .toList();
        assertTrue(!fitting.isEmpty(), () -> "nobody was told the session " + word + ", but " + sessions);
        return fitting.get(fitting.size() - 1);
    }

    private String moved(String text) {
        String moved = text;
        for (NodeId id : deployment.ids()) {
            moved = moved.replace("localhost:" + port(id), "127.0.0.1:" + server.port(id.toString()));
        }
        return moved;
    }

    private List<String> asShown(String printed) {
        String shown = printed.replace(scratch + "/", "");
        for (NodeId id : deployment.ids()) {
            shown = shown.replace(":" + server.port(id.toString()), ":" + port(id));
        }
        return shown.lines().toList();
    }

    private int port(NodeId id) {
        return deployment.replicas().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow()
                .http()
                .port();
    }
}
