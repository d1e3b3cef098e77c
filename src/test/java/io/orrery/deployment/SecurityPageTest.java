package io.orrery.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What security.md tells its readers to do works. */
class SecurityPageTest {
    private static final Path PAGE = Path.of("src", "site", "markdown", "security.md");

    @Test
    @Timeout(60)
    void theRecipeMakesTheFilesThatTheLinesWant(@TempDir Path directory) throws Exception {
        assumeTrue(isThere("openssl") && isThere("sh"), "the recipe needs openssl and a shell");
        List<String> page = Files.readAllLines(PAGE);
        run(directory, indented(page, "    (openssl (req|x509)|printf) .*"));
        Path file = Files.writeString(
                directory.resolve("test.conf"),
                "protocol = lamport-lww, replicas = [{ id = A, http { port = 8000 } }]\n" + block(page, "    tls {")
                        + block(page, "    http-tls {"));
        Security security = DeploymentLoader.load(file).security();
        assertTrue(security.tls().isPresent());
        assertTrue(security.httpTls().isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"| what | line | usually |", "| what grows |"})
    void eachRowOfTheTablesOfLimitsNamesTheTestsThatGoPastIt(String table) throws IOException {
        Set<String> tests;
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            tests = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        List<String> rows = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith(table))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertTrue(rows.size() >= 10, "the table is found");
        for (String row : rows) {
            String[] cells = row.split("\\|");
            List<String> named = Pattern.compile("`(\\w+Test)`")
                    .matcher(cells[cells.length - 1])
                    .results()
                    .map(it -> it.group(1))
                    .toList();
            assertTrue(!named.isEmpty() && tests.containsAll(named), row);
        }
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static String indented(List<String> page, String pattern) {
        return page.stream().filter(line -> line.matches(pattern)).collect(Collectors.joining("\n"));
    }

    private static String block(List<String> page, String first) {
        return page.stream()
                .dropWhile(line -> !line.equals(first))
                .takeWhile(line -> line.startsWith("    "))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static void run(Path directory, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-e", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
