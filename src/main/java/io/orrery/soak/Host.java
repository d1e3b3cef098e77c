package io.orrery.soak;

import io.orrery.launch.Directories;
import io.orrery.launch.LaunchFailure;
import io.orrery.launch.LaunchOptions;
import io.orrery.launch.NodeListener;
import io.orrery.launch.NodeProcess;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The processes of one replica: usually one, two while it has a twin. For the soak's thread only, except the address
 * for clients.
 */
final class Host {
    /** A process that has not ended by then is assumed to hang. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private static final long GLANCE_MILLIS = 20;

    /** What all hosts share. */
    record Site(
            NodeConfigurations confs,
            Relays relays,
            SoakLog chronicle,
            Interruption interruption,
            List<String> flags) {}

    /** One process, from its start to its end. */
    final class Instance implements NodeListener {
        private final NodeProcess process;
        private final Path data;
        private final InetSocketAddress bound;
        private volatile boolean mayEnd;

        private Instance(Path data, InetSocketAddress bound, Path conf) {
            this.data = data;
            this.bound = bound;
            String host = bound.getAddress().getHostAddress();
            List<String> flags = new ArrayList<>(List.of(
                    // The relay has the public address; the process listens behind it, and calls from this host.
                    "-Dorrery.remoting.bind=" + host + ":" + bound.getPort(), "-Dorrery.remoting.from=" + host));
            flags.addAll(site.flags());
            LaunchOptions options = LaunchOptions.in(data)
                    .withFlags(flags)
                    .withArguments(List.of("--clock-file", clock.toString()))
                    .withListener(this);
            process = new NodeProcess(id, conf, options);
            process.start();
        }

        @Override
        public void line(NodeId node, String line) {
            site.chronicle().nodeSaid(name(), line);
        }

        @Override
        public void ready(NodeId node, String url, Duration after) {
            site.chronicle().nodeSaid(name(), "ready at " + url);
        }

        @Override
        public void ended(NodeId node, int exitCode) {
            site.chronicle().nodeSaid(name(), "ended with exit code " + exitCode);
            // A signal to the whole process group ends nodes too.
            if (!mayEnd && !site.interruption().isDone()) {
                site.chronicle().problem("a process of " + name() + " ended by itself, with exit code " + exitCode);
            }
        }

        private String name() {
            return id + (data.equals(home) ? "" : " (" + data.getFileName() + ")");
        }

        NodeProcess process() {
            return process;
        }

        /** Whether this process has taken over from another one that has ended or is to end. */
        boolean follows(Instance other) {
            return data.equals(other.data);
        }

        private Path directory() {
            return data.resolve("replica-" + id);
        }

        private void kill() {
            mayEnd = true;
            process.kill();
        }
    }

    private final NodeId id;
    private final Site site;
    private final Path home;
    private final Path clock;
    private final List<InetSocketAddress> addresses;
    private volatile List<Instance> instances = List.of();
    private int copies;

    /**
     * @param home the directory of its files
     * @param addresses two addresses at which its processes can listen for the others
     */
    Host(NodeId id, Site site, Path home, Path clock, List<InetSocketAddress> addresses) throws IOException {
        this.id = id;
        this.site = site;
        this.home = home;
        this.clock = clock;
        this.addresses = addresses;
        moveClock(Duration.ZERO);
    }

    NodeId id() {
        return id;
    }

    private Instance only() {
        return instances.get(0);
    }

    boolean runs() {
        return !instances.isEmpty() && only().process.isAlive();
    }

    /** Starts a process unless one runs. */
    void start() {
        if (!runs()) {
            Path data = instances.isEmpty() ? home : only().data;
            instances = List.of();
            site.relays().pass(id, addresses.get(0));
            instances =
                    List.of(new Instance(data, addresses.get(0), site.confs().usual()));
        }
    }

    /** Kills its processes. */
    void kill() {
        site.relays().shut(id);
        instances.forEach(Instance::kill);
    }

    /** @throws LaunchFailure if the process does not end in time */
    void terminate() throws InterruptedException {
        Instance instance = only();
        instance.mayEnd = true;
        int exitCode = instance.process.terminate(ENDING);
        site.relays().shut(id);
        if (exitCode != 0) {
            site.chronicle().problem(id + " ended with exit code " + exitCode + " when it was told to end");
        }
    }

    /** Suspends the process; returns when all of its threads have stopped. */
    void suspend() throws IOException {
        NodeProcess process = only().process;
        process.suspend();
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        while (!allStand(threads)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static boolean allStand(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                // The state follows the name, which is in brackets and may contain brackets. A dead thread counts as
                // stopped.
                if ("TZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            // A thread or the process has ended meanwhile; the caller will notice the latter.
            return !Files.exists(threads);
        }
    }

    void resume() {
        if (runs() && only().process.isSuspended()) {
            only().process.resume();
        }
    }

    /** Waits until a process is ready. */
    void awaitReady(Duration patience) throws InterruptedException {
        only().process.awaitUrl(patience);
    }

    /** Deletes its data. Its process must not run. */
    void loseData() throws IOException {
        Path directory = (instances.isEmpty() ? home : only().data).resolve("replica-" + id);
        if (Files.exists(directory)) {
            Directories.delete(directory);
        }
    }

    /** Copies its directory at one moment, with the process suspended. */
    Path copy() throws IOException {
        Path copy = home.resolveSibling(home.getFileName() + "-copy" + ++copies);
        boolean runs = runs() && !only().process.isSuspended();
        if (runs) {
            suspend();
        }
        try {
            Directories.copy(only().directory(), copy.resolve("replica-" + id));
        } finally {
            if (runs) {
                resume();
            }
        }
        return copy;
    }

    /** Restores a copy of its directory. Its process must not run. */
    void putBack(Path copy) throws IOException {
        loseData();
        Files.move(copy.resolve("replica-" + id), only().directory());
        Directories.delete(copy);
    }

    /**
     * Starts a second process from a copy. One of the other replicas reaches the older process, the rest the newer one,
     * so both have contact.
     */
    void startTwin(Path copy, NodeId faithful) {
        Instance older = only();
        InetSocketAddress free = addresses.get(older.bound.equals(addresses.get(0)) ? 1 : 0);
        site.relays().pass(id, free, Map.of(faithful, older.bound));
        instances = List.of(older, new Instance(copy, free, site.confs().twin(id)));
    }

    void awaitTwinReady(Duration patience) throws InterruptedException {
        instances.get(1).process.awaitUrl(patience);
    }

    /** Permits one of the two processes to end, once it has heard of the other. */
    void expectEndOfOne() {
        instances.forEach(instance -> instance.mayEnd = true);
    }

    /** Waits until one of two processes has ended. Returns false if none has in time. */
    boolean awaitEndOfOne(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (instances.stream().allMatch(instance -> instance.process.isAlive())) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
        return true;
    }

    /** Reduces two processes to one: drops those that have ended, and kills the older one if both run. */
    void keepOne() throws IOException {
        List<Instance> both = instances;
        List<Instance> left = instances.stream()
                .filter(instance -> instance.process.isAlive())
                .toList();
        if (left.size() > 1) {
            left.get(0).kill();
            left = left.subList(1, left.size());
        }
        if (left.isEmpty()) {
            site.chronicle().problem("both processes of " + id + " have ended");
            instances = instances.subList(0, 1);
            site.relays().shut(id);
            return;
        }
        Instance instance = left.get(0);
        instance.mayEnd = false;
        instances = List.of(instance);
        site.relays().pass(id, instance.bound);
        for (Instance other : both) {
            if (other != instance) {
                // It has ended already; this waits until all of its output has been read.
                other.kill();
                Directories.delete(other.directory());
            }
        }
    }

    /** Makes all file writes of the process fail, or lets them succeed again. */
    void failWrites(boolean failing) throws IOException, InterruptedException {
        if (!runs()) {
            return;
        }
        // A file size limit of 0: the system rejects writes beyond it, and Java reports a failed write.
        Process limit = new ProcessBuilder(
                        "prlimit",
                        "--pid",
                        Long.toString(only().process.pid()),
                        "--fsize=" + (failing ? "0" : "unlimited") + ":unlimited")
                .redirectErrorStream(true)
                .start();
        String said = new String(limit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!limit.waitFor(10, TimeUnit.SECONDS) || limit.exitValue() != 0) {
            throw new IOException("prlimit: " + said.strip());
        }
    }

    /** Moves the wall clock of its processes. */
    void moveClock(Duration by) throws IOException {
        Path fresh = clock.resolveSibling(clock.getFileName() + ".new");
        Files.createDirectories(clock.getParent());
        Files.writeString(fresh, by.toMillis() + "\n");
        Files.move(fresh, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The process that a client reaches; empty if none is ready. */
    Optional<Instance> reached(int client) {
        List<Instance> ready = instances.stream()
                .filter(instance -> instance.process.wasReady() && instance.process.isAlive())
                .toList();
        return ready.isEmpty() ? Optional.empty() : Optional.of(ready.get(client % ready.size()));
    }
}
