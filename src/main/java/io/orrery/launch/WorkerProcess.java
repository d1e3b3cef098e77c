package io.orrery.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A worker of sweeps in a separate JVM, with one thread. It does not outlive this process. */
public final class WorkerProcess implements AutoCloseable {
    private static final String MAIN = "io.orrery.cli.Main";

    private final Process process;

    private WorkerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts {@code sweep-worker}.
     *
     * @param conf says where the sweep is
     * @param flags for the JVM
     * @param log the file for all that it says
     * @throws LaunchFailure if it cannot be started
     */
    public static WorkerProcess start(Path conf, List<String> flags, Path log) {
        List<String> all = new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", ParentWatch.FLAG));
        all.addAll(flags);
        List<String> command = JavaCommand.of(all, MAIN, List.of("sweep-worker", conf.toString(), "--threads", "1"));
        try {
            return new WorkerProcess(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
        } catch (IOException e) {
            throw new LaunchFailure("a worker cannot be started: " + e, e);
        }
    }

    /** Ends it as a kill does (SIGKILL). Returns when it has ended. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
