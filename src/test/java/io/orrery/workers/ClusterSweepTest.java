package io.orrery.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.TestCertificates;
import io.orrery.deployment.WorkersFile;
import io.orrery.explore.sweep.Sweep;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.http.TestServer;
import io.orrery.launch.FreePorts;
import io.orrery.launch.Plugins;
import io.orrery.launch.TestPlugins;
import io.orrery.launch.WorkerProcess;
import io.orrery.model.DaemonThreads;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ClusterSweepTest {
    @TempDir
    private Path directory;

    @RegisterExtension
    private final TestPlugins plugins = new TestPlugins();

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private Path conf(String more) throws IOException {
        String text = "remoting { port = " + FreePorts.of(1).get(0) + " }\n" + more;
        return Files.writeString(directory.resolve("workers.conf"), text);
    }

    private ClusterSweep sweep(Path conf, SweepPlan plan, String version) {
        return sweep(conf, plan, version, Races.task(List.of()));
    }

    private ClusterSweep sweep(Path conf, SweepPlan plan, String version, Task task) {
        return new ClusterSweep(WorkersFile.load(conf, told::add), version, task, plan, told::add);
    }

    /** As the workers' command has it, which starts from the jar where there is one, and this test from classes. */
    private static String version() throws IOException {
        String home = System.getProperty("orrery.home");
        Path jar = Path.of(home == null ? "" : home, "target", "orrery.jar");
        String version = null;
        if (home != null && Files.exists(jar)) {
            try (JarFile file = new JarFile(jar.toFile())) {
                version = file.getManifest().getMainAttributes().getValue("Implementation-Version");
            }
        }
        return "Orrery " + (version == null ? "(unknown version)" : version);
    }

    private static SweepPlan plan(long lastSeed) {
        return plan(Races.task(List.of()), lastSeed);
    }

    private static SweepPlan plan(Task task, long lastSeed) {
        return new SweepPlan(task.scenarios(warning -> {}), 1, lastSeed, Optional.empty(), false, 1, task.strategy());
    }

    private static CompletableFuture<SweepResult> running(ClusterSweep sweep) {
        CompletableFuture<SweepResult> result = new CompletableFuture<>();
        DaemonThreads.start("sweep", () -> {
            try {
                result.complete(sweep.run());
            } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static Worker worker(Path conf, String version, BlockingQueue<String> said) {
        WorkersFile file = WorkersFile.load(conf, said::add);
        return new Worker(file, file.worker("127.0.0.1", 0), 2, version, said::add);
    }

    private void awaitTold(String part) throws InterruptedException {
        for (String line = ""; !line.contains(part); ) {
            line = told.poll(60, TimeUnit.SECONDS);
            assertTrue(line != null, "nobody says: " + part);
        }
    }

    private void await(BooleanSupplier condition, CompletableFuture<?> running) {
        while (!condition.getAsBoolean()) {
            assertTrue(!running.isDone(), () -> "it is over: " + running);
            assertTrue(told.stream().noneMatch(line -> line.contains("plays nothing")), told::toString);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String tls(TestCertificates certificates) {
        return "tls { key = \"%s\", certificate = \"%s\", authority = \"%s\" }"
                .formatted(certificates.key(), certificates.certificate(), certificates.authority());
    }

    /** Pekko would try again and again, and the worker hear of nothing. */
    private void assertHearsAtOnce(String tls, String why) throws IOException {
        Path conf = Files.writeString(
                directory.resolve("other.conf"),
                Files.readString(directory.resolve("workers.conf"))
                                .lines()
                                .findFirst()
                                .orElseThrow() + "\n" + tls);
        Worker stranger = worker(conf, "Orrery 2", new LinkedBlockingQueue<>());
        String refusal =
                assertThrows(IllegalArgumentException.class, stranger::run).getMessage();
        assertTrue(refusal.contains("cannot play for what listens at 127.0.0.1:"), refusal);
        assertTrue(refusal.contains(why), refusal);
    }

    @Test
    void aWorkerOfAnotherVersionOrCertificateIsRefusedAndOneOfTheSamePlays() throws Exception {
        Path conf = conf(tls(TestCertificates.ours()));
        CompletableFuture<SweepResult> result = running(sweep(conf, plan(40), "Orrery 2"));
        Worker older = worker(conf, "Orrery 1", new LinkedBlockingQueue<>());
        String refusal =
                assertThrows(IllegalArgumentException.class, older::run).getMessage();
        assertTrue(refusal.contains("refuses this worker: it is Orrery 1, and the sweep is Orrery 2: start"), refusal);
        awaitTold("plays nothing: it is Orrery 1");
        assertHearsAtOnce(tls(TestCertificates.ofStrangers()), "it shows no certificate that the authority has signed");
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        Worker same = worker(conf, "Orrery 2", said);
        CompletableFuture<Void> working = new CompletableFuture<>();
        DaemonThreads.start("worker", () -> {
            try {
                same.run();
                working.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                working.completeExceptionally(e);
            }
        });
        assertEquals(Races.text(new Sweep(plan(40)).run()), Races.text(result.get()));
        same.stop();
        working.get();
        assertEquals("plays A race", List.copyOf(said).get(1));
    }

    /** The sweep has begun, and knows its own, when this process gets others for the worker. */
    @Test
    void aWorkerWithOtherPluginsIsRefused() throws Exception {
        Path sweeps = TestPlugins.jar(directory.resolve("sweeps.jar"), TestPlugins.PROVIDER);
        Path workers = TestPlugins.jar(
                directory.resolve("workers.jar"), TestPlugins.PROVIDER.replace("brought from", "of the"));
        Plugins.use(List.of(sweeps));
        Path conf = conf("");
        Task task = Races.task(List.of("outside-lww"));
        ClusterSweep sweep = sweep(conf, plan(task, 40), "Orrery 1", task);
        CompletableFuture<SweepResult> running = running(sweep);
        TestServer.eventually("the sweep listens", () -> listens(WorkersFile.load(conf, told::add)));
        Plugins.use(List.of(workers));
        String refusal = assertThrows(
                        IllegalArgumentException.class, worker(conf, "Orrery 1", new LinkedBlockingQueue<>())::run)
                .getMessage();
        String why =
                "the protocol outside-lww is from sweeps\\.jar \\([0-9a-f]{16}\\) at the sweep, and from workers\\.jar"
                        + " \\([0-9a-f]{16}\\) here: start the worker with the same --plugins as the sweep";
        assertTrue(refusal.matches("the sweep at .* refuses this worker: " + why), refusal);
        awaitTold("plays nothing: the protocol outside-lww is from sweeps.jar");
        sweep.interrupt();
        assertEquals(0, running.get().worlds());
    }

    private static boolean listens(WorkersFile file) {
        try (Socket socket = new Socket(file.sweep().host(), file.sweep().port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Three processes: this one, and two workers, of which one is killed while it has units. */
    @Test
    @Tag("process")
    void aWorkerThatIsKilledLosesNothingAndCountsNothingTwice() throws Exception {
        Path conf = conf("");
        ClusterSweep sweep = sweep(conf, plan(Long.MAX_VALUE), version());
        CompletableFuture<SweepResult> running = running(sweep);
        List<String> flags = List.of("-XX:TieredStopAtLevel=1");
        WorkerProcess killed = WorkerProcess.start(conf, flags, directory.resolve("1.log"));
        WorkerProcess other = WorkerProcess.start(conf, flags, directory.resolve("2.log"));
        try {
            await(() -> sweep.workers() == 2 && sweep.worlds() > 0, running);
            killed.close();
            awaitTold("is gone; others play what it had");
            // What is handed out stays near the first world that is not back: without the units of the dead it would
            // end.
            long worlds = sweep.worlds() + 5_000;
            await(() -> sweep.worlds() > worlds, running);
            sweep.interrupt();
            SweepResult result = running.get();
            assertEquals(
                    Races.text(new Sweep(plan(result.worlds())).run()).replace("\"seeds\"", "\"interrupted\""),
                    Races.text(result));
        } finally {
            killed.close();
            other.close();
        }
    }
}
