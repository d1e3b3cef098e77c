import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes of the pages of a repository those of a site: {@code java SitePages.java REPOSITORY TO}, which {@code mvn site} runs.
 * The pages name files by where they are in the repository; here they are where a browser finds them, with the README as the
 * first page. Headings have the names that the pages use for them.
 */
final class SitePages {
    /** What pages lead to besides each other and their pictures. */
    private static final List<String> FILES = List.of("conf", "scenarios", "LICENSE");

    private SitePages() {}

    public static void main(String[] arguments) throws IOException {
        Path repository = Path.of(arguments[0]);
        Path site = repository.resolve("src").resolve("site");
        Path to = Path.of(arguments[1]);
        delete(to);
        Path pages = Files.createDirectories(to.resolve("markdown"));
        Files.copy(site.resolve("site.xml"), Files.createDirectories(to).resolve("site.xml"));
        copy(site.resolve("resources"), to.resolve("resources"));
        for (String name : FILES) {
            copy(repository.resolve(name), to.resolve("resources").resolve(name));
        }
        Files.writeString(pages.resolve("index.md"), page(repository.resolve("README.md")));
        try (Stream<Path> all = Files.list(site.resolve("markdown"))) {
            for (Path page : all.toList()) {
                Files.writeString(pages.resolve(page.getFileName()), page(page));
            }
        }
    }

    /** What an earlier run has left. */
    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static String page(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .map(SitePages::line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(String line) {
        if (line.startsWith("##")) {
            String heading = line.replaceFirst("#+ ", "");
            String name = heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
            return line.substring(0, line.length() - heading.length()) + "<a id=\"" + name + "\"></a>" + heading;
        }
        // The site has no source.
        String named = line.replaceAll("\\[(\\w+)]\\(\\.\\./\\.\\./main/[^)]*\\)", "`$1`");
        return named.replaceAll("]\\((\\.\\./\\.\\./\\.\\./|\\.\\./resources/|src/site/(markdown|resources)/)", "](")
                .replace("](README.md", "](index.md");
    }
}
