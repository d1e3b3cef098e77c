package io.orrery.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The log of a soak: printed as it happens, and kept with the logs of all nodes. Thread-safe. */
final class SoakLog implements AutoCloseable {
    private final long began = System.nanoTime();
    private final Consumer<String> progress;
    private final Writer log;
    private final List<String> problems = new ArrayList<>();
    private boolean closed;

    /** @param log the file for all messages, including those of the nodes */
    SoakLog(Path log, Consumer<String> progress) throws IOException {
        this.log = Files.newBufferedWriter(log);
        this.progress = progress;
    }

    /** The time since the soak began. */
    Duration now() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Logs a message for people. */
    synchronized void tell(String what) {
        String line = time() + "  " + what;
        progress.accept(line);
        write(line);
    }

    /** Logs a problem. */
    synchronized void problem(String what) {
        if (!closed) {
            problems.add(time() + " " + what);
            tell("PROBLEM: " + what);
        }
    }

    synchronized void nodeSaid(String node, String line) {
        write(time() + "  " + node + " | " + line);
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    private String time() {
        return String.format(Locale.ROOT, "%8.3f s", now().toNanos() / 1e9);
    }

    private void write(String line) {
        if (closed) {
            return;
        }
        try {
            log.append(line).append('\n').flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        log.close();
    }
}
