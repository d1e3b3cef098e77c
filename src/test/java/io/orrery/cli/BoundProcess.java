package io.orrery.cli;

import java.io.IOException;

/** A process that does not outlive its test: it is killed when this is closed, and when the tests end in any other way. */
final class BoundProcess implements AutoCloseable {
    private final Process process;
    private final Thread killer;

    private BoundProcess(Process process) {
        this.process = process;
        this.killer = new Thread(process::destroyForcibly, "kill-process");
    }

    static BoundProcess start(ProcessBuilder command) throws IOException {
        BoundProcess started = new BoundProcess(command.start());
        Runtime.getRuntime().addShutdownHook(started.killer);
        return started;
    }

    Process process() {
        return process;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The shutdown has begun: the hook runs anyway.
        }
    }
}
