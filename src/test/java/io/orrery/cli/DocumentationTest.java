package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Links of the pages lead to files that are there. What pages show below {@code $ ./run.sh sim}, {@code shrink}, {@code check} and {@code soak --sum} is what these commands print, in this order; some
 * lines may be left out, and how long a run took is not compared. So that a page can have its readers change a file,
 * {@code $ sed 's/this/that/' FILE > FILE} is done as well.
 */
class DocumentationTest {
    /** But not what judges run.jsonl, which a server has recorded. */
    private static final Pattern REPLAYED =
            Pattern.compile("\\./run\\.sh ((sim|sweep|shrink|check|soak --sum|zoo|matrix|explore) (?!run\\.jsonl).*)");

    private static final Pattern SED = Pattern.compile("sed 's/([^/]*)/([^/]*)/' (\\S+) > (\\S+)");
    private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)(#[^)]*)?\\)");
    /** The last two columns of the table of runs: virtual time, and the time that the run took. */
    private static final Pattern TIMES = Pattern.compile("( [\\d.]+ (?:us|ms|s)) [\\d.]+ (?:ns|us|ms|s)$");

    /** Commands read and write here what the page has them read and write in {@code reports} and in {@code /tmp}. */
    @TempDir
    private Path scratch;

    static List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(Path.of("src", "site", "markdown"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), pages.sorted())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksToWhatIsThere(Path page) throws IOException {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
            assertTrue(Files.exists(page.toAbsolutePath().resolveSibling(link.group(1))), link.group());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "src/site/markdown/consistency.md",
                "src/site/markdown/explore.md",
                "src/site/markdown/scripts.md",
                "src/site/markdown/shrink.md",
                "src/site/markdown/soak.md",
                "src/site/markdown/sweep.md",
                "src/site/markdown/tour.md",
                "src/site/markdown/verdicts.md",
                "src/site/markdown/zoo.md"
            })
    @Timeout(120)
    void showsWhatIsPrinted(Path page) throws IOException {
        Files.createDirectory(scratch.resolve("tmp"));
        int compared = 0;
        for (Transcript example : Transcript.in(page)) {
            Matcher sed = SED.matcher(example.command());
            Matcher replayed = REPLAYED.matcher(example.command());
            if (sed.matches()) {
                change(sed.group(1), sed.group(2), place(sed.group(3)), place(sed.group(4)));
            } else if (replayed.matches()) {
                example.compare(
                        run(replayed.group(1)), line -> TIMES.matcher(line).replaceFirst("$1"));
                compared += example.shown().size();
            }
        }
        assertTrue(compared > 0, "nothing was compared");
    }

    private Path place(String name) {
        return name.startsWith("/tmp/") || name.startsWith("reports") ? Path.of(scratch + "/" + name) : Path.of(name);
    }

    private static void change(String what, String to, Path from, Path changed) throws IOException {
        String before = Files.readString(from);
        assertTrue(before.contains(what), () -> "there is no " + what + " in " + from);
        Files.writeString(changed, before.replace(what, to));
    }

    /** As a shell does: the files of a directory whose names are so. */
    private static Stream<Path> matching(Path pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                pattern.getParent(), pattern.getFileName().toString())) {
            files.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream().sorted();
    }

    private List<String> run(String command) {
        String[] arguments = Arrays.stream(command.split(" "))
                .flatMap(word -> word.contains("*") ? matching(Path.of(word)) : Stream.of(place(word)))
                .map(Path::toString)
                .toArray(String[]::new);
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        Main.run(out, out, arguments);
        return printed.toString()
                .replace(scratch + "/tmp/", "/tmp/")
                .replace(scratch + "/reports", "reports")
                .lines()
                .toList();
    }
}
