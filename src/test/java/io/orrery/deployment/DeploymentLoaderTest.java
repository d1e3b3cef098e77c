package io.orrery.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.config.ConfigReader;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ReplicaSettings.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentLoaderTest {
    /** Several labs give MAX_DELAY in milliseconds. */
    @Test
    void aDelayAboveTheRequestTimeoutThatHasNoUnitIsDoubted(@TempDir Path folder) throws IOException {
        List<String> warnings = new ArrayList<>();
        String replicas = "protocol = leader-quorum\nreplicas = [{ id = A, http { port = 0 } }]\n";
        Path file =
                Files.writeString(folder.resolve("d.conf"), replicas + "links { min-delay = 0, max-delay = 1000 }\n");
        assertEquals(
                "0s..1000s",
                DeploymentLoader.load(file, warnings::add).links().delay().toString());
        assertEquals(
                List.of(file + ":3: warning: max-delay = 1000 is 1,000 seconds, above the request-timeout of 5s;"
                        + " milliseconds are written 1000ms"),
                warnings);
        warnings.clear();
        for (String meant : List.of("1000ms", "1000s", "5", "0.001")) {
            Files.writeString(file, replicas + "links { max-delay = " + meant + " }\n");
            DeploymentLoader.load(file, warnings::add);
        }
        Files.writeString(file, replicas + "links { max-delay = 1000 }\nlimits { request-timeout = 2000s }");
        DeploymentLoader.load(file, warnings::add);
        assertEquals(List.of(), warnings);
    }

    private static final String SMALLEST = """
            protocol = lamport-lww
            replicas = [
              { id = A, http { port = 8000 } }
              { id = B, http { port = 8001 } }
            ]
            """;

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        Deployment file = DeploymentLoader.load(Path.of("conf", "lamport-lww.conf"));
        assertEquals(List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C")), file.ids());
        assertTrue(file.lab());
        assertEquals("127.0.0.1:8002", file.replicas().get(2).http().toString());
        Deployment smallest = read(SMALLEST);
        assertFalse(smallest.lab());
        for (Deployment deployment : List.of(file, smallest)) {
            assertEquals(LinkRule.PERFECT, deployment.links());
            assertEquals(Tuning.DEFAULT, deployment.tuning());
            assertEquals(Deployment.Limits.DEFAULT, deployment.limits());
            assertEquals(Security.NONE, deployment.security());
        }
        assertEquals(storage(Optional.empty(), SyncPolicy.ALWAYS, "data", "lamport-lww"), file.storage());
        assertEquals(storage(Optional.empty(), SyncPolicy.ALWAYS, "data", "test"), smallest.storage());
    }

    private static Deployment.Storage storage(
            Optional<JournalKind> journal, SyncPolicy sync, String first, String... more) {
        return new Deployment.Storage(journal, sync, Path.of(first, more));
    }

    @Test
    void readsWhatIsGiven() {
        Deployment deployment = read(SMALLEST + """
                title = mine
                links { min-delay = 1ms, max-delay = 5ms, loss = 0.1, duplicate = 0.2 }
                anti-entropy { interval = 1m, patience = 1s, batch = 2, buffer = 3 }
                limits { value-size = 2KiB, store-size = 3MiB, open-requests = 4, mailbox = 5, request-timeout = 6s, events = 7
                         connections = 8, header-size = 9KiB, idle-timeout = 10s }
                journal = rocksdb
                sync = never
                data = /var/lib/mine
                lab = on
                """);
        assertEquals(
                storage(Optional.of(JournalKind.ROCKSDB), SyncPolicy.NEVER, "/var/lib/mine"), deployment.storage());
        assertEquals(Path.of("/var/lib/mine/replica-A"), deployment.storage().directoryOf(NodeId.of("A")));
        assertEquals("mine", deployment.title());
        assertEquals(
                new LinkRule(new Delay.Uniform(Duration.ofMillis(1), Duration.ofMillis(5)), 0.1, 0.2, false),
                deployment.links());
        assertEquals(new Tuning(Duration.ofMinutes(1), Duration.ofSeconds(1), 2, 3), deployment.tuning());
        assertEquals(
                new Deployment.Limits(
                        2048,
                        4,
                        5,
                        Duration.ofSeconds(6),
                        7,
                        new Deployment.Connections(8, 9 << 10, Duration.ofSeconds(10)),
                        Optional.of(3L << 20)),
                deployment.limits());
        assertTrue(deployment.lab());
    }

    @Test
    void aConnectionIsNotIdleWhileARequestMayTakeThatLong() {
        assertEquals(
                Duration.ofMinutes(4),
                read(SMALLEST + "limits { request-timeout = 2m }")
                        .limits()
                        .connections()
                        .idleTimeout());
        assertEquals(
                Deployment.LONGEST_TIME,
                read(SMALLEST + "limits { request-timeout = 400h }")
                        .limits()
                        .connections()
                        .idleTimeout());
    }

    @Test
    void oneDelayStandsForBoth() {
        assertEquals(
                new Delay.Exponential(Duration.ofMillis(20)),
                read(SMALLEST + "links { delay = \"exponential(20ms)\" }")
                        .links()
                        .delay());
        assertEquals(
                new Delay.Fixed(Duration.ofMillis(3)),
                read(SMALLEST + "links.min-delay = 3ms").links().delay());
    }

    /** The lab of the write quorum gives MIN_DELAY=0.0001 and MAX_DELAY=0.001, in seconds. */
    @Test
    void aNumberAloneIsInSecondsForTheBoundsOfADelay() {
        assertEquals(
                "100us..1ms",
                read(SMALLEST + "links { min-delay = 0.0001, max-delay = \"0.001\" }")
                        .links()
                        .delay()
                        .toString());
        assertEquals(
                "2s", read(SMALLEST + "links.min-delay = 2").links().delay().toString());
        assertEquals(LinkRule.PERFECT, read(SMALLEST + "links.max-delay = 0").links());
    }

    @Test
    void linksMayBeAListAsInScenarioFiles() {
        Deployment deployment = read(SMALLEST + "links = [{ from = A, to = B, key = y, kind = update, delay = 5s }]");
        assertEquals(LinkRule.PERFECT, deployment.links());
        assertEquals(
                "[link A -> B (key y, kind update): delay 5s]",
                deployment.linkChanges().toString());
        assertEquals(List.of(), read(SMALLEST).linkChanges());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "colour = red            | 6: there is no key \"colour\" here; there are: allowed-hosts, anti-entropy, cors, data, http-tls",
                "limits { mailbx = 3 }   | 6: there is no key \"mailbx\" here; did you mean \"mailbox\"?",
                "links { delay = -3s }   | 6: a time here is 0 or more, not -3s",
                "links { min-delay = -1ms } | 6: a time here is 0 or more, not -1ms",
                "links { delay = 3 lightyears } | 6: there is no unit \"lightyears\" of time",
                "links { delay = 10 }    | 6: a time is a number and a unit, such as 500ms or 3s, not \"10\"",
                "links { min-delay = -1 } | 6: a time here is 0 or more, not -1s",
                "links { max-delay = much } | 6: a time is a number and a unit, such as 500ms or 3s, not \"much\"",
                "links = [{ from = A, to = Q, delay = 1s }] | 6: there is no replica Q; there are [A, B]",
                "links = [{ from = A, kind = updat, delay = 1s }] | 6: no message of lamport-lww is of the kind \"updat\"",
                "links = [{ from = A }] | 6: a link needs something to change: delay, loss, loss-run, duplicate or cut",
                "write-quorum = 2        | 6: write-quorum is a whole number, from 0 to 1, not 2",
                "write-quorum = -1       | 6: write-quorum is a whole number, from 0 to 1, not -1",
                "write-quorum = many     | 6: write-quorum is a whole number, from 0 to 1, not many",
                "leader = Q              | 6: there is no replica Q; did you mean A?",
                "options { pace = 1 }    | 6: the protocol lamport-lww has no options, so options stays empty",
                "options = 3             | 6: options is written in braces, { … }; this is the number 3",
                "links { delay = soon }  | 6: a time is a number and a unit",
                "links { loss = 2 }      | 6: loss is a chance between 0 and 1, not 2.0",
                "links { loss = much }   | 6: loss is a number, not \"much\"",
                "links { min-delay = 5ms, max-delay = 1ms } | 6: max-delay, 1ms, is below min-delay, 5ms",
                "links { delay = 1s, max-delay = 1s } | 6: give either delay, or min-delay and max-delay",
                "anti-entropy { interval = 0s } | 6: interval is a time above 0 and at most 480h, not 0s",
                "limits { request-timeout = 1000h } | 6: request-timeout is a time above 0 and at most 480h, not 1000h",
                "anti-entropy { batch = 0 } | 6: batch is a whole number, 1 or more, not 0",
                "limits { value-size = big } | 6: value-size is a size such as 1MiB or 512kB, not \"big\"",
                "limits { store-size = 5 } | 6: store-size is from 1024 to 1125899906842624 bytes, not 5",
                "limits { value-size = 0 } | 6: value-size is from 1 to 67108864 bytes, not 0",
                "limits { connections = 0 } | 6: connections is a whole number, from 1 to 1000000, not 0",
                "limits { header-size = 10 } | 6: header-size is from 1024 to 1048576 bytes, not 10",
                "limits { idle-timeout = 5s } | 6: idle-timeout, 5s, must be longer than request-timeout, 5s",
                "limits = 3              | 6: limits is written in braces, { … }; this is the number 3",
                "journal = rocks         | 6: there is no journal \"rocks\"; there are: memory (survives a crash",
                "sync = sometimes        | 6: sync is always or never, not \"sometimes\"",
                "data = \"\"               | 6: data is the path of a directory, and may not be empty",
                "data = { dir = x }      | 6: data is a single value, not an object",
                "lab = perhaps           | 6: lab is on or off, not \"perhaps\"",
                "protocol = lamport-lwv  | 6: there is no protocol \"lamport-lwv\"; there are: lamport-lww, ",
                "protocol = null         | 6: protocol may not be null",
                "replicas = []           | 6: a deployment has at least one replica",
                "replicas = [A]          | 6: replicas is written in braces",
                "replicas += { id = A, http { port = 1 } } | 6: there is another replica A; each needs an id of its own",
                "replicas += { id = C, http { port = 8001 } } | 6: replica B has the address 127.0.0.1:8001 already",
                "replicas += { id = C, http { port = 70000 } } | 6: port is a whole number, from 0 to 65535, not 70000",
                "replicas += { id = C, http { } } | 6: \"port\" is missing: the port at which clients reach replica C",
                "replicas += { id = C, htp { port = 1 } } | 6: there is no key \"htp\" here; did you mean \"http\"?",
                "replicas += { id = C, http { port = 1 }, remoting { host = orrery_c, port = 7000 } } | 6: host is the name of a machine (letters, digits, hyphens and dots) or its IP address, such as node-b.example.org or 10.0.0.2, with nothing before or after it, not \"orrery_c\"",
                "replicas += { id = C, http { port = 1 }, remoting { host = \"http://10.0.0.2\", port = 7000 } } | 6: host is the name",
                "replicas += { id = C, http { host = orrery_c, port = 1 } } | 6: host is the name",
                "replicas += { id = C, http { host = \"10.0.0.2/\", port = 1 } } | 6: host is the name",
                "replicas += { id = C, http { host = \"c@10.0.0.2\", port = 1 } } | 6: host is the name",
                "replicas += { id = C, http { host = \"10.0.0.2:80\", port = 1 } } | 6: host is the name",
                "replicas += { id = C, http { host = \"[::1]\", port = 1 } } | 6: host is the name",
                "replicas += { id = C, http { host = \"10.0.0\", port = 1 } } | 6: host is the name",
                "replicas += { id = C, http { host = \"\", port = 1 } } | 6: host is the name",
                "allowed-hosts = [a_b]   | 6: host is the name",
                "allowed-hosts = [\"a:1\"] | 6: host is the name",
                "allowed-hosts = a       | 6: allowed-hosts is a list",
                "cors = [\"*\"]          | 6: cors lists the origins of pages",
                "cors = [app.example.org] | 6: cors lists the origins of pages",
                "cors = [\"https://app.example.org/\"] | 6: cors lists the origins of pages",
                "cors = [\"https://app.example.org:443\"] | 6: cors lists the origins of pages",
                "cors = [\"null\"]       | 6: cors lists the origins of pages",
                "replicas += { id = \"a b\", http { port = 1 } } | 6: a replica id is 1 to 64 letters, digits",
            })
    void aMistakeIsNamedWithItsLineAndWhatWouldBeRight(String addition, String message) {
        String problem = assertThrows(ConfigProblem.class, () -> read(SMALLEST + addition))
                .getMessage();
        assertTrue(problem.startsWith("test.conf:" + message), problem);
    }

    @Test
    void pagesThatAreWelcomeAndHostsThatAreKnown() {
        Security.Web web = read(SMALLEST + """
                allowed-hosts = [orrery.example.org, 10.0.0.9]
                cors = ["https://App.example.org", "http://localhost:3000", "http://[::1]:1"]
                """).security().web();
        assertEquals(List.of("orrery.example.org", "10.0.0.9"), web.allowedHosts());
        assertEquals(List.of("https://app.example.org", "http://localhost:3000", "http://[::1]:1"), web.cors());
        assertEquals(Security.Web.NONE, read(SMALLEST).security().web());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "0.0.0.0", "10.0.0.2", "::", "::1", "fe80::1%eth0", "node-b.example.org", "4f2a"})
    void hostsAreNamesOrAddresses(String host) {
        Deployment deployment = read(SMALLEST + """
                insecure = true
                replicas += { id = C, http { host = "%s", port = 1 }, remoting { host = "%s", port = 2 } }
                """.formatted(host, host));
        Deployment.Member member = deployment.replicas().get(2);
        assertEquals(host, member.http().host());
        assertEquals(host, member.requireRemoting().host());
    }

    @Test
    void whatIsMissingIsNamed() {
        assertEquals(
                "test.conf:1: \"protocol\" is missing",
                assertThrows(ConfigProblem.class, () -> read("title = t")).getMessage());
        assertEquals(
                "no/such.conf: there is no such file",
                assertThrows(ConfigProblem.class, () -> DeploymentLoader.load(Path.of("no/such.conf")))
                        .getMessage());
    }

    private static Deployment read(String text) {
        return DeploymentLoader.read(ConfigReader.ofText("test.conf", text), Instant.now());
    }
}
