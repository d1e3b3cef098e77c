package io.orrery.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn site} makes its pages of. */
@Timeout(60)
class SiteTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^):#]*)(?:#([^)]*))?\\)");
    private static final Pattern ITEM = Pattern.compile("<item name=\"([^\"]+)\" href=\"([^\"]+)\\.html\"/>");

    @TempDir
    private static Path site;

    /** Twice: what the first run has left is in nobody's way. */
    @BeforeAll
    static void make() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (int run = 0; run < 2; run++) {
            Process process = new ProcessBuilder(java, "src/site/SitePages.java", ".", site.toString())
                    .inheritIO()
                    .start();
            assertEquals(0, process.waitFor());
        }
    }

    @Test
    void everyPageIsInTheMenuByItsTitle() throws IOException {
        Set<String> menu = new TreeSet<>();
        Matcher item = ITEM.matcher(Files.readString(site.resolve("site.xml")));
        while (item.find()) {
            menu.add(item.group(2));
            if (!item.group(2).equals("index")) {
                Path page = site.resolve("markdown").resolve(item.group(2) + ".md");
                assertEquals("# " + item.group(1), Files.readAllLines(page).get(0));
            }
        }
        assertEquals(
                pages().stream()
                        .map(page -> page.getFileName().toString().replace(".md", ""))
                        .collect(Collectors.toCollection(TreeSet::new)),
                menu);
    }

    @Test
    void linksAndPicturesLeadToWhatIsThere() throws IOException {
        int pictures = 0;
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                String name = link.group(1);
                Path target = name.isEmpty() ? page : named(name);
                assertTrue(Files.exists(target), page + ": " + link.group());
                if (link.group(2) != null) {
                    String anchor = "<a id=\"" + link.group(2) + "\"></a>";
                    assertTrue(Files.readString(target).contains(anchor), page + ": " + link.group());
                }
                pictures += name.endsWith(".svg") ? 1 : 0;
            }
        }
        assertTrue(pictures > 30, pictures + " pictures");
    }

    /** Pages lie beside each other, and beside what else there is. */
    private static Path named(String name) {
        return site.resolve(name.endsWith(".md") ? "markdown" : "resources").resolve(name);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(site.resolve("markdown"))) {
            return pages.sorted().toList();
        }
    }
}
