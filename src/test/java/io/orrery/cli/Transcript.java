package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A command that a page shows, and what it shows below it.
 *
 * @param command what stands behind the {@code $}
 * @param shown some of the lines that are printed, in their order; {@code ...} stands for any, and … for any part of a line
 */
record Transcript(String command, List<String> shown) {
    private static final String INDENT = "    ";
    private static final String PROMPT = INDENT + "$ ";

    /** All of a page, in their order. */
    static List<Transcript> in(Path page) throws IOException {
        List<Transcript> all = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith(PROMPT)) {
                all.add(new Transcript(line.substring(PROMPT.length()), new ArrayList<>()));
                inside = true;
            } else if (!line.startsWith(INDENT)) {
                inside = false;
            } else if (inside) {
                all.get(all.size() - 1).shown.add(line);
            }
        }
        return all;
    }

    /** @param same makes lines equal that may differ from run to run */
    void compare(List<String> printed, UnaryOperator<String> same) {
        Iterator<String> rest = printed.iterator();
        for (String line : shown) {
            boolean found = line.strip().equals("...");
            Pattern wanted = pattern(comparable(line, same));
            while (!found && rest.hasNext()) {
                found = wanted.matcher(comparable(rest.next(), same)).matches();
            }
            assertTrue(
                    found,
                    () -> line + "\nis not where it is shown in what " + command + " prints:\n"
                            + String.join("\n", printed));
        }
    }

    /** Where … stands, anything may. */
    static Pattern pattern(String shown) {
        return Pattern.compile(
                Arrays.stream(shown.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    /** Columns are as wide as what is in them. */
    private static String comparable(String line, UnaryOperator<String> same) {
        return same.apply(line.strip().replaceAll(" +", " "));
    }
}
