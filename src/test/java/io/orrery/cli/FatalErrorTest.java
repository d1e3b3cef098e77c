package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Security;
import io.orrery.http.Server;
import io.orrery.launch.NodeProcess;
import io.orrery.launch.Nodes;
import io.orrery.launch.TestNodes;
import io.orrery.live.BindFailure;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.network.LinkRule;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.multimaster.LamportLww;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * A server in which nothing can go on ends, says so in one line, and its exit code tells why: in whatever way it was started.
 */
@Tag("process")
@Timeout(60)
@EnabledOnOs({OS.LINUX, OS.MAC})
class FatalErrorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What goes wrong when a key is written that is called the same. */
    enum Error {
        HEAP(3, "Terminating due to java.lang.OutOfMemoryError: Java heap space"),
        LINKAGE(4, "a fatal error has ended the replicas; the server ends with exit code 4");

        private final int exitCode;
        private final String line;

        Error(int exitCode, String line) {
            this.exitCode = exitCode;
            this.line = line;
        }
    }

    /** Serves, whatever its arguments are, by a protocol that runs into an error when a key is written. */
    static final class Doomed extends ServingCommand {
        private static final ProtocolType TYPE = Meddled.type(LamportLww.TYPE, "doomed", Replica::new);

        private static final class Replica extends Meddled {
            Replica(ProtocolType type, ReplicaSettings settings, Effects effects) {
                super(type, settings, effects);
            }

            @Override
            public void request(Request request) {
                if (request.operation().key().equals(Key.of(Error.LINKAGE.name()))) {
                    throw new LinkageError("planted");
                }
                List<byte[]> heap = new ArrayList<>();
                while (true) {
                    heap.add(new byte[1 << 20]);
                }
            }
        }

        @Override
        Deployment deployment() {
            NodeId id = NodeId.of("A");
            return new Deployment(
                    "doomed",
                    TYPE,
                    List.of(new Deployment.Member(id, new Deployment.Address("127.0.0.1", 0), Optional.empty())),
                    ProtocolOptions.usual(List.of(id)),
                    LinkRule.PERFECT,
                    List.of(),
                    ReplicaSettings.Tuning.DEFAULT,
                    Deployment.Storage.IN_MEMORY,
                    Deployment.Limits.DEFAULT,
                    false,
                    Security.NONE);
        }

        @Override
        Server start(Deployment deployment, Optional<Path> history) throws BindFailure {
            return Server.start(deployment);
        }

        public static void main(String[] arguments) {
            System.exit(new CommandLine(new Doomed()).execute());
        }
    }

    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    private static void strike(String url, Error error) {
        RequestFailure failure =
                assertThrows(RequestFailure.class, () -> new RestClient(url).send("PUT", "/kv/" + error, "1"));
        assertEquals(RequestFailure.Kind.UNKNOWN, failure.kind(), failure::getMessage);
    }

    /** With the flags that {@code run.sh} gives the JVM of a server. */
    @ParameterizedTest
    @CsvSource({"serve, HEAP", "serve, LINKAGE", "node, HEAP", "node, LINKAGE"})
    void ofRunSh(String command, Error error, @TempDir Path folder) throws Exception {
        Process process = runSh(folder, command);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            strike(url(out), error);
            assertEquals(1, out.lines().filter(error.line::equals).count());
            assertEquals(error.exitCode, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where the server says that it is ready. */
    private static String url(BufferedReader out) throws IOException {
        List<String> said = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("replica A is ready at ")) {
                return line.substring(line.lastIndexOf(' ') + 1);
            }
            said.add(line);
        }
        throw new AssertionError("the server has not started: " + said);
    }

    /** A copy of it that takes the doomed server for Orrery: its Java is one that runs another class, with the same flags. */
    private static Process runSh(Path folder, String command) throws Exception {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, """
                #!/usr/bin/env bash
                flags=()
                while [[ $# -gt 0 && $1 != -cp ]]; do
                  flags+=("$1")
                  shift
                done
                real='%s'
                if [[ $# -eq 0 ]]; then
                  exec "$real" "${flags[@]}"
                fi
                exec "$real" "${flags[@]}" -Xmx48m -cp '%s' '%s'
                """.formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"),
                        Doomed.class.getName()));
        java.toFile().setExecutable(true);
        Files.createDirectories(folder.resolve("src/main"));
        for (String file :
                List.of("pom.xml", "src/site/markdown/consistency.md", "target/orrery.jar", "target/built")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.createFile(folder.resolve(file));
        }
        Files.copy(Path.of("run.sh"), folder.resolve("run.sh"), StandardCopyOption.COPY_ATTRIBUTES);
        ProcessBuilder script = new ProcessBuilder(folder.resolve("run.sh").toString(), command);
        script.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        return script.redirectErrorStream(true).start();
    }

    /** With the flags that {@code cluster} gives each of its nodes. */
    @ParameterizedTest
    @EnumSource
    void ofANodeOfACluster(Error error) throws Exception {
        Nodes nodes = tests.start(
                "protocol = lamport-lww, replicas = [{ id = A, http { port = 0 } }]",
                options -> options.withMainClass(Doomed.class.getName()).withFlags(List.of("-Xmx48m")));
        NodeProcess node = nodes.node(NodeId.of("A"));
        strike(node.awaitUrl(PATIENCE), error);
        assertEquals(error.exitCode, node.awaitEnd(PATIENCE));
        assertEquals(
                1,
                Files.readAllLines(node.log()).stream()
                        .filter(error.line::equals)
                        .count());
    }
}
