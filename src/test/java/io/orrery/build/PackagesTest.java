package io.orrery.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each package has a {@code package-info.java}, and its first sentence is what the README's table says of the package. */
class PackagesTest {
    private static final Path MAIN = Path.of("src", "main", "java", "io", "orrery");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\| ([^|]+) \\|");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*\\*(.*?)\\*/");

    @Test
    void theReadmeSaysWhatThePackagesSay() throws IOException {
        Map<String, String> said = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                said.put(row.group(1), row.group(2));
            }
        }
        Map<String, String> expected = new TreeMap<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                String name = MAIN.relativize(file.getParent()).toString().replace('/', '.');
                expected.put(name, firstSentence(file.resolveSibling("package-info.java")));
            }
        }
        assertEquals(expected, said);
    }

    private static String firstSentence(Path file) throws IOException {
        Matcher comment = COMMENT.matcher(Files.readString(file));
        assertTrue(comment.find(), () -> file + " says nothing");
        String text = comment.group(1).replaceAll("\\s*\\n \\* ?", " ").strip();
        return text.replaceAll("\\.(\\s.*)?$", "").replaceAll("\\{@code ([^}]*)}", "`$1`");
    }
}
