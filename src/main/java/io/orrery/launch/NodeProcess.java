package io.orrery.launch;

import io.orrery.model.Durations;
import io.orrery.model.FileProblem;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A node as a separate JVM. It can be restarted after its end, and then recovers its data. */
public final class NodeProcess {
    private final NodeId id;
    private final Path conf;
    private final LaunchOptions options;
    private volatile NodeRun run;
    private volatile boolean suspended;

    /**
     * Does not start it. The caller is responsible for its end; {@link Nodes} is for all nodes of a deployment.
     *
     * @param conf the deployment file, which the node reads at each start
     */
    public NodeProcess(NodeId id, Path conf, LaunchOptions options) {
        this.id = id;
        this.conf = conf;
        this.options = options;
    }

    public NodeId id() {
        return id;
    }

    /** The log of the current or last run; the suffix {@code .1} gives that of the run before. */
    public Path log() {
        return options.logOf(id);
    }

    /**
     * Starts the JVM, for the first time or again, without waiting for it.
     *
     * @throws IllegalStateException if it is already running
     * @throws LaunchFailure if it cannot be started
     */
    public synchronized void start() {
        if (isAlive()) {
            throw new IllegalStateException("node " + id + " is running already");
        }
        if (run != null) {
            run.exitCode().join();
        }
        try {
            run = new NodeRun(id, new ProcessBuilder(options.command(conf, id)), log(), options.listener());
            suspended = false;
        } catch (IOException e) {
            throw notStarted(FileProblem.ofFolder(e), e);
        } catch (LaunchFailure e) {
            throw notStarted(e.getMessage(), e);
        }
    }

    /**
     * Changes nothing.
     *
     * @throws LaunchFailure if it was started earlier and still runs
     */
    void requireUnused() {
        try {
            LogFile.requireUnused(log());
        } catch (IOException e) {
            throw notStarted(FileProblem.ofFolder(e), e);
        } catch (LaunchFailure e) {
            throw notStarted(e.getMessage(), e);
        }
    }

    private LaunchFailure notStarted(String why, Exception cause) {
        return new LaunchFailure("node " + id + " cannot be started: " + why, cause);
    }

    public boolean isAlive() {
        NodeRun current = run;
        return current != null && current.handle().isAlive();
    }

    /** Whether it has been ready in its current or last run. */
    public boolean wasReady() {
        NodeRun current = run;
        return current != null && isDone(current.ready());
    }

    /** Whether it has recovered and listened in its current or last run; it may have ended since. */
    public boolean listens() {
        NodeRun current = run;
        return current != null && isDone(current.listening());
    }

    private static boolean isDone(CompletableFuture<?> stage) {
        return stage.isDone() && !stage.isCompletedExceptionally();
    }

    /** The process id of the current or last run. */
    public long pid() {
        return run().handle().pid();
    }

    /**
     * Waits until the node is ready, and returns its address for clients.
     *
     * @throws LaunchFailure if it is not ready in time, or at once if it has ended
     */
    public String awaitUrl(Duration timeout) throws InterruptedException {
        return await(whenReady(), timeout, () -> late("was not ready", timeout));
    }

    /**
     * The address for clients, also after the node has ended.
     *
     * @throws IllegalStateException if it does not listen yet
     */
    public String url() {
        if (!listens()) {
            throw new IllegalStateException("node " + id + " does not listen yet; " + lastWords());
        }
        return run().listening().join();
    }

    /** Kills the JVM (SIGKILL) and returns when it has ended. Does nothing if it has already ended. */
    public void kill() {
        NodeRun current = run();
        current.handle().destroyForcibly();
        current.exitCode().join();
    }

    /**
     * Asks the node to stop in order (SIGTERM) and waits for its end. Resumes a suspended node, which could not handle
     * the signal.
     *
     * @return the exit code
     * @throws LaunchFailure if it has not ended in time; it keeps running then
     */
    public int terminate(Duration timeout) throws InterruptedException {
        requestEnd();
        return awaitEnd(timeout);
    }

    /** Like {@link #terminate} without waiting. */
    void requestEnd() {
        run().handle().destroy();
        if (isSuspended()) {
            resume();
        }
    }

    /**
     * Waits until the JVM has ended for any reason.
     *
     * @return the exit code
     * @throws LaunchFailure if it has not ended in time
     */
    public int awaitEnd(Duration timeout) throws InterruptedException {
        return await(run().exitCode(), timeout, () -> late("did not end", timeout));
    }

    /**
     * Suspends all threads of the JVM (SIGSTOP) until {@link #resume}: to others it looks like a long pause. On a busy
     * machine they stop some milliseconds after this returns. A suspended node does not end when this process is
     * killed.
     *
     * @throws UnsupportedOperationException on a system without this signal
     */
    public void suspend() {
        signal("STOP");
        suspended = true;
    }

    /** Resumes a suspended JVM (SIGCONT). */
    public void resume() {
        signal("CONT");
        suspended = false;
    }

    public boolean isSuspended() {
        return suspended && isAlive();
    }

    /** The end of its output and the path of its log, for error messages. */
    public String lastWords() {
        return run().lastWords();
    }

    String late(String what, Duration timeout) {
        return "node " + id + " " + what + " within " + Durations.format(timeout) + "; " + lastWords();
    }

    /** Whether it has ever been started. */
    public boolean wasStarted() {
        return run != null;
    }

    /** Its address for clients, once it has recovered and listens; it may still wait for others to become ready. */
    CompletableFuture<String> whenListening() {
        return run().listening();
    }

    CompletableFuture<String> whenReady() {
        return run().ready();
    }

    private NodeRun run() {
        NodeRun current = run;
        if (current == null) {
            throw new IllegalStateException("node " + id + " has not been started");
        }
        return current;
    }

    private void signal(String name) {
        if (!isAlive()) {
            throw new IllegalStateException("node " + id + " is not running");
        }
        try {
            // The shell's built-in kill: the system may have no kill program.
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.onExit().join().exitValue() != 0) {
                throw new LaunchFailure("node " + id + " did not take the signal " + name + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new UnsupportedOperationException(
                    "nodes can be suspended only where there is a shell (sh) with the command kill", e);
        }
    }

    /** @throws LaunchFailure with the reason, or with {@code late} after the timeout */
    static <T> T await(CompletableFuture<T> result, Duration timeout, Supplier<String> late)
            throws InterruptedException {
        try {
            return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LaunchFailure(late.get());
        } catch (ExecutionException e) {
            throw new LaunchFailure(e.getCause().getMessage(), e.getCause());
        }
    }
}
