package io.orrery.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Quotes commands for a shell. */
final class ShellQuoting {
    /** Text that no shell interprets. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");

    private ShellQuoting() {}

    /** The command that is running, as it was given. */
    static String command(CommandSpec running) {
        List<String> words = new ArrayList<>(List.of("./run.sh"));
        words.addAll(running.root().commandLine().getParseResult().originalArgs());
        return command(words);
    }

    static String command(List<String> words) {
        return words.stream().map(ShellQuoting::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
