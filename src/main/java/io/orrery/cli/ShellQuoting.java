package io.orrery.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Quotes commands for a shell. */
final class ShellQuoting {
    /** Text that no shell interprets. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");

    private ShellQuoting() {}

    static String command(List<String> words) {
        return words.stream().map(ShellQuoting::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
