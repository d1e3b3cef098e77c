package org.example.chain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Orrery as a program, given the jar of this project. */
final class Program {
    private Program() {}

    /** A command of it, in a JVM of its own; what it says, errors too, is one stream. */
    static ProcessBuilder with(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("orrery.path"),
                "io.orrery.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--plugins", System.getProperty("plugin.jar")));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
