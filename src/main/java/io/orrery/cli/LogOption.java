package io.orrery.cli;

import io.orrery.launch.LogLevel;
import picocli.CommandLine.Option;

/** How much a server logs. */
final class LogOption {
    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "What goes to the log, the standard error: error, warn, info or debug (default: info).")
    void level(LogLevel level) {
        if (level != null) {
            level.set();
        }
    }
}
