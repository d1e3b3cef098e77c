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

/** A node as a separate JVM. After its end it can be restarted, and recovers its data. */
public final class NodeProcess {
    private final NodeId id;
    private final Path conf;
    private final LaunchOptions options;
    private volatile NodeRun run;
    private volatile boolean suspended;

    /**
     * Starts nothing yet. Whoever makes it sees to its end: {@link Nodes} does so for all nodes of a deployment.
     *
     * @param conf the file of the deployment, which the node reads whenever it starts
     */
    public NodeProcess(NodeId id, Path conf, LaunchOptions options) {
        this.id = id;
        this.conf = conf;
        this.options = options;
    }

    public NodeId id() {
        return id;
    }

    /** What the node has written since it was started last; {@code .1} after its name is what it had written before. */
    public Path log() {
        return options.logOf(id);
    }

    /**
     * Starts the JVM, for the first time or again, and does not wait for it.
     *
     * @throws IllegalStateException when it runs already
     * @throws LaunchFailure when it cannot be started
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
            throw new LaunchFailure("node " + id + " cannot be started: " + FileProblem.ofFolder(e), e);
        } catch (LaunchFailure e) {
            throw new LaunchFailure("node " + id + " cannot be started: " + e.getMessage(), e);
        }
    }

    public boolean isAlive() {
        NodeRun current = run;
        return current != null && current.handle().isAlive();
    }

    /** Whether it has been ready since it was started last. */
    public boolean wasReady() {
        NodeRun current = run;
        return current != null && isDone(current.ready());
    }

    /** Whether it has recovered and listened since it was started last; it may have ended. */
    public boolean listens() {
        NodeRun current = run;
        return current != null && isDone(current.listening());
    }

    private static boolean isDone(CompletableFuture<?> stage) {
        return stage.isDone() && !stage.isCompletedExceptionally();
    }

    /** Of the JVM that was started last. */
    public long pid() {
        return run().handle().pid();
    }

    /**
     * Where clients reach it. Waits until it is ready.
     *
     * @throws LaunchFailure when it is not ready in time, and at once when it has ended
     */
    public String awaitUrl(Duration timeout) throws InterruptedException {
        return await(whenReady(), timeout, () -> late("was not ready", timeout));
    }

    /**
     * Where clients reach it, or reached it before it ended.
     *
     * @throws IllegalStateException when it does not listen yet
     */
    public String url() {
        if (!listens()) {
            throw new IllegalStateException("node " + id + " does not listen yet; " + lastWords());
        }
        return run().listening().join();
    }

    /** Ends the JVM without a warning (SIGKILL), and returns when it has ended. One that has ended already stays so. */
    public void kill() {
        NodeRun current = run();
        current.handle().destroyForcibly();
        current.exitCode().join();
    }

    /**
     * Asks the node to end in order (SIGTERM), and waits for it. A suspended one is resumed, as it could not hear.
     *
     * @return the exit code
     * @throws LaunchFailure when it has not ended in time; it goes on then
     */
    public int terminate(Duration timeout) throws InterruptedException {
        requestEnd();
        return awaitEnd(timeout);
    }

    /** As {@link #terminate}, without waiting. */
    void requestEnd() {
        run().handle().destroy();
        if (isSuspended()) {
            resume();
        }
    }

    /**
     * Waits until the JVM has ended, by itself or otherwise.
     *
     * @return the exit code
     * @throws LaunchFailure when it has not ended in time
     */
    public int awaitEnd(Duration timeout) throws InterruptedException {
        return await(run().exitCode(), timeout, () -> late("did not end", timeout));
    }

    /**
     * Stops all threads of the JVM (SIGSTOP) until {@link #resume}: to others it looks like a long pause. On a busy machine
     * they stop some milliseconds after this returns. A suspended node does not notice when this process is killed.
     *
     * @throws UnsupportedOperationException on a system without this signal
     */
    public void suspend() {
        signal("STOP");
        suspended = true;
    }

    /** Lets a suspended JVM go on (SIGCONT). */
    public void resume() {
        signal("CONT");
        suspended = false;
    }

    public boolean isSuspended() {
        return suspended && isAlive();
    }

    /** How its output ends, and where all of it is: for messages. */
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

    /** Where clients reach it, once it has recovered and listens: it may have to wait for others to be ready. */
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
            // The shell's own kill: a system may have no program of that name.
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

    /** @throws LaunchFailure with what went wrong, or with what is late */
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
