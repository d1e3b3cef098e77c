package io.orrery.report;

import io.orrery.check.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The definitions of models, taken from the page that defines them: the first paragraph below each heading. */
public final class ModelDefinitions {
    /** The page, which the build puts beside this class. */
    private static final String PAGE = "consistency.md";

    private static final int WIDTH = 76;

    private final List<String> lines;

    public ModelDefinitions() {
        try (InputStream page = ModelDefinitions.class.getResourceAsStream(PAGE)) {
            this.lines = new String(page.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name and the definition, in lines of 80 columns. */
    public List<String> of(Model model) {
        int heading = lines.indexOf("## " + model.id());
        if (heading < 0) {
            throw new IllegalStateException("there is no heading " + model + " in " + PAGE);
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
