package io.orrery.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Soaks with all faults, on real nodes, for protocols of each family. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
@Execution(ExecutionMode.CONCURRENT)
class SoakTest {
    /** A node is up sooner without the better compiler, and no test works one for long. */
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-Dlogback.configurationFile=logback.xml");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** Of the plans in which each kind has one turn one that starts few processes: that is what takes the time. */
    private static final long QUICK_SEED = 21;

    private Optional<Path> disk = Optional.empty();

    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "leader-quorum"})
    @Timeout(300)
    void aMultiMasterAndALeaderProtocolSurviveEachFaultOnce(String protocol, TestReporter reporter) throws Exception {
        soak(protocol, Duration.ZERO, QUICK_SEED, reporter);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "cops", "primary-linearizable", "leader-quorum"})
    @Timeout(1_800)
    void survivesThemAgainAndAgain(String protocol, TestReporter reporter) throws Exception {
        soak(protocol, Duration.ofMinutes(10), 1, reporter);
    }

    private void soak(String protocol, Duration length, long seed, TestReporter reporter) throws Exception {
        disk = smallDisk();
        if (disk.isEmpty()) {
            reporter.publishEntry("disk-full is left out: no file system can be mounted here");
        }
        Path conf = conf(protocol);
        SoakSettings setting = new SoakSettings(
                conf,
                DeploymentLoader.load(conf),
                length,
                SoakRequirements.possible(DeploymentLoader.load(conf), disk),
                seed,
                Files.createDirectory(directory.resolve("soak")),
                disk,
                FLAGS);
        List<String> told = new ArrayList<>();
        try (Soak soak = new Soak(setting, new Interruption(), told::add)) {
            SoakResult result = soak.run();
            String words = String.join("\n", told) + "\n" + String.join("\n", SoakReport.lines(result, 120));
            assertTrue(result.holds(), words);
            assertTrue(result.rounds().size() >= setting.kinds().size(), words);
            assertTrue(result.acknowledged() > 100, words);
        }
    }

    private Path conf(String protocol) throws IOException {
        Iterator<Integer> ports = FreePorts.of(3).iterator();
        return Files.writeString(
                directory.resolve("test.conf"), """
                protocol = %s
                write-quorum = 1
                limits { request-timeout = 2s }
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = %d } }
                  { id = B, http { port = 0 }, remoting { port = %d } }
                  { id = C, http { port = 0 }, remoting { port = %d } }
                ]
                """.formatted(protocol, ports.next(), ports.next(), ports.next()));
    }

    /** Whoever may do anything can mount one. */
    private Optional<Path> smallDisk() throws IOException, InterruptedException {
        Path mounted = Files.createDirectory(directory.resolve("disk"));
        return command("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", mounted.toString())
                ? Optional.of(mounted)
                : Optional.empty();
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (disk.isPresent()) {
            assertTrue(command("umount", disk.get().toString()));
        }
    }

    private static boolean command(String... words) throws InterruptedException {
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // There is no such program.
        }
    }
}
