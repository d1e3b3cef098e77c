package io.orrery.launch;

import io.orrery.model.DaemonThreads;
import io.orrery.model.NodeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of a node, from the start of its JVM to its end. */
final class NodeRun {
    private static final Pattern LISTENS = Pattern.compile("replica \\S+ listens at (https?://\\S+)");
    private static final Pattern WAITS = Pattern.compile("replica \\S+ waits at .*");
    private static final Pattern READY = Pattern.compile("replica \\S+ is ready at (https?://\\S+)");
    private static final Pattern CAUGHT_UP = Pattern.compile("replica \\S+ has caught up with \\S+");
    private static final int LAST_LINES = 20;
    private static final long LOG_LIMIT = 16L << 20;

    private final NodeId node;
    private final NodeListener listener;
    private final Path logPath;
    private final LogFile log;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final long started = System.nanoTime();
    private final Process process;
    private final CompletableFuture<String> listening = new CompletableFuture<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<Integer> exitCode;
    private boolean logFailed;

    NodeRun(NodeId node, ProcessBuilder command, Path logPath, NodeListener listener) throws IOException {
        this.node = node;
        this.listener = listener;
        this.logPath = logPath;
        this.log = new LogFile(logPath, LOG_LIMIT);
        try {
            this.process = command.start();
        } catch (IOException e) {
            log.close();
            throw e;
        }
        CompletableFuture<Void> out = reading("out", process.inputReader(StandardCharsets.UTF_8), this::said);
        CompletableFuture<Void> err = reading("err", process.errorReader(StandardCharsets.UTF_8), this::logged);
        this.exitCode = CompletableFuture.allOf(out, err)
                .thenCombine(process.onExit(), (nothing, exited) -> ended(exited.exitValue()));
    }

    /** The handle for ending it: {@link Process#destroy} would also close its streams and lose its last output. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Completes with the address for clients once it has recovered and listens; fails if it ends before. */
    CompletableFuture<String> listening() {
        return listening;
    }

    /** Completes with the address for clients once it is ready; fails if it ends before. */
    CompletableFuture<String> ready() {
        return ready;
    }

    /** Completes when it has ended and all its output has been read. */
    CompletableFuture<Integer> exitCode() {
        return exitCode;
    }

    /** A suffix for error messages: the end of its output and the path of its log. */
    String lastWords() {
        synchronized (lastLines) {
            return lastLines.isEmpty()
                    ? "it has written nothing to " + logPath
                    : "the end of " + logPath + ":\n  " + String.join("\n  ", lastLines);
        }
    }

    private CompletableFuture<Void> reading(String stream, BufferedReader lines, Consumer<String> reader) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        DaemonThreads.start("node-" + node + "-" + stream, () -> {
            try (lines) {
                lines.lines().forEach(reader);
                end.complete(null);
            } catch (IOException | RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    private void said(String line) {
        keep(line);
        Matcher listens = LISTENS.matcher(line);
        if (listens.matches()) {
            listener.listens(node);
            listening.complete(listens.group(1));
        } else if (WAITS.matcher(line).matches()) {
            listener.line(node, line);
        } else if (CAUGHT_UP.matcher(line).matches()) {
            listener.caughtUp(node);
        }
        Matcher isReady = READY.matcher(line);
        if (isReady.matches() && !ready.isDone()) {
            String url = isReady.group(1);
            // The listener comes first: when the future completes, all listeners have been told.
            listener.ready(node, url, Duration.ofNanos(System.nanoTime() - started));
            listening.complete(url);
            ready.complete(url);
        }
    }

    private void logged(String line) {
        keep(line);
        listener.line(node, line);
    }

    private void keep(String line) {
        synchronized (lastLines) {
            if (lastLines.size() == LAST_LINES) {
                lastLines.removeFirst();
            }
            lastLines.addLast(line);
            if (logFailed) {
                return;
            }
            try {
                log.append(line);
            } catch (IOException e) {
                // A full disk must not stop the reading: the node would block on its next line.
                logFailed = true;
                listener.line(node, "its log " + logPath + " cannot be written any more: " + e.getMessage());
            }
        }
    }

    private int ended(int code) {
        try {
            log.close();
        } catch (IOException e) {
            listener.line(node, "its log " + logPath + " could not be closed: " + e.getMessage());
        }
        LaunchFailure tooSoon = new LaunchFailure(
                "node " + node + " ended with exit code " + code + " before it was ready; " + lastWords());
        listening.completeExceptionally(tooSoon);
        ready.completeExceptionally(tooSoon);
        listener.ended(node, code);
        return code;
    }
}
