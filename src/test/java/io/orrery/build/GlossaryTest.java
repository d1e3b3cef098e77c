package io.orrery.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each term is in the glossary once, in the order of the alphabet, and the class that stands beside it exists. */
class GlossaryTest {
    private static final Path PAGE = Path.of("src", "site", "markdown", "glossary.md");
    private static final Pattern CLASS =
            Pattern.compile("\\[(\\w+)]\\(\\.\\./\\.\\./main/java/(\\S+)/(\\w+)\\.java\\)");

    /** The rows, without the two of the head: term, meaning, source and class. */
    private static List<String[]> rows() throws IOException {
        List<String[]> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> line.split(" *\\| *", -1))
                .toList();
        assertTrue(rows.size() > 50, "a glossary");
        return rows;
    }

    @Test
    void eachTermIsThereOnceInTheOrderOfTheAlphabet() throws IOException {
        List<String> terms = rows().stream().map(row -> row[1]).toList();
        assertEquals(
                terms.stream().distinct().sorted(String.CASE_INSENSITIVE_ORDER).toList(), terms);
    }

    @Test
    void eachClassExists() throws IOException, ClassNotFoundException {
        for (String[] row : rows()) {
            Matcher named = CLASS.matcher(row[4]);
            if (!row[4].isEmpty()) {
                assertTrue(named.matches(), row[4]);
                assertEquals(named.group(3), named.group(1));
                Class.forName(named.group(2).replace('/', '.') + "." + named.group(3));
            }
        }
    }
}
