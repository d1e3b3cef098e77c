package io.orrery.report;

import io.orrery.check.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What models mean, in the words of the page that defines them: the first paragraph below the heading of each. */
public final class Definitions {
    private static final String PAGE = "src/site/markdown/consistency.md";
    private static final int WIDTH = 76;

    private final Path page;
    private final List<String> lines;

    /**
     * @param home the directory of Orrery
     * @throws IOException when the page is not there
     */
    public Definitions(Path home) throws IOException {
        this.page = home.resolve(PAGE);
        this.lines = Files.readAllLines(page);
    }

    /** The name and the definition, in lines of 80 columns. */
    public List<String> of(Model model) {
        int heading = lines.indexOf("## " + model.id());
        if (heading < 0) {
            throw new IllegalStateException("there is no heading " + model + " in " + page);
        }
        StringBuilder paragraph = new StringBuilder();
        for (String line : lines.subList(heading + 2, lines.size())) {
            if (line.isBlank()) {
                break;
            }
            paragraph.append(line).append(' ');
        }
        List<String> told = new ArrayList<>(List.of("  " + model));
        String plain = paragraph.toString().strip().replaceAll("[*`]", "");
        VerdictText.wrapped(plain, WIDTH).forEach(line -> told.add("    " + line));
        return told;
    }
}
