package io.orrery.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands as they can be pasted into a shell. */
final class ShellQuoting {
    /** What no shell takes for anything else. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");

    private ShellQuoting() {}

    static String command(List<String> words) {
        return words.stream().map(ShellQuoting::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
