package io.orrery.launch;

import io.orrery.model.DaemonThreads;
import io.orrery.model.NodeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All replicas of a deployment in one separate JVM, run by {@code serve}. It does not outlive this process. */
public final class ServerProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("replica (\\S+) is ready at (https?://\\S+)");
    private static final String ALL_READY = "Ctrl-C stops it.";

    private final Process process;
    private final Path log;
    private final Thread hook;
    private final CompletableFuture<Map<NodeId, String>> urls = new CompletableFuture<>();

    private ServerProcess(List<String> command, Path log) throws IOException {
        this.log = log;
        this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        this.hook = new Thread(process::destroyForcibly, "stop-server");
        Runtime.getRuntime().addShutdownHook(hook);
        DaemonThreads.start("server-out", this::read);
    }

    /**
     * Starts a server and waits until all of its replicas are ready.
     *
     * @param log the file for the server's log
     * @throws LaunchFailure if they are not ready in time, or at once if the server has ended
     */
    public static ServerProcess start(Path conf, Path log, Duration patience) throws InterruptedException {
        return start(LaunchOptions.serve(conf), log, patience);
    }

    /**
     * Starts another program in the place of {@code serve}, with the same JVM flags, and waits until it prints the
     * ready line of {@code serve}.
     *
     * @param program has a {@code main} method
     * @param log the file for its log
     * @throws LaunchFailure if it is not ready in time, or at once if it has ended
     */
    public static ServerProcess start(Class<?> program, List<String> arguments, Path log, Duration patience)
            throws InterruptedException {
        return start(LaunchOptions.program(program, arguments), log, patience);
    }

    private static ServerProcess start(List<String> command, Path log, Duration patience) throws InterruptedException {
        try {
            ServerProcess server = new ServerProcess(command, log);
            try {
                NodeProcess.await(
                        server.urls,
                        patience,
                        () -> "the server was not ready within " + patience.toSeconds() + " s; " + server.lastWords());
                return server;
            } catch (LaunchFailure | InterruptedException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LaunchFailure("the server cannot be started: " + e, e);
        }
    }

    /** The addresses of the replicas for clients, in the order of the deployment. */
    public Map<NodeId, String> urls() {
        return urls.join();
    }

    /**
     * The CPU time that the server has used so far.
     *
     * @throws UnsupportedOperationException if the system does not tell
     */
    public Duration cpuTime() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(
                        () -> new UnsupportedOperationException("this system does not tell the CPU time of a process"));
    }

    // Reads to the end: otherwise the server would block on its next line.
    private void read() {
        Map<NodeId, String> ready = new LinkedHashMap<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher one = READY.matcher(line);
                if (one.matches()) {
                    ready.put(NodeId.of(one.group(1)), one.group(2));
                } else if (line.startsWith(ALL_READY)) {
                    urls.complete(Collections.unmodifiableMap(ready));
                }
            }
        } catch (IOException e) {
            // The server has ended.
        }
        urls.completeExceptionally(new LaunchFailure("the server ended before it was ready; " + lastWords()));
    }

    private String lastWords() {
        try {
            return "it has written: " + Files.readString(log).strip();
        } catch (IOException e) {
            return "what it has written cannot be read: " + e.getMessage();
        }
    }

    /** Ends the server; returns when it has ended. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun: the hook runs in any case.
        }
    }
}
