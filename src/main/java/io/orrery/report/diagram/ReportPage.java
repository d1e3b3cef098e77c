package io.orrery.report.diagram;

import io.orrery.report.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A diagram as one interactive HTML file that needs no other file and no network. */
public final class ReportPage {
    /** In dependency order. */
    private static final List<String> SCRIPTS = List.of(
            "model.js",
            "camera.js",
            "scene.js",
            "labels.js",
            "faults.js",
            "witness.js",
            "captions.js",
            "paint.js",
            "panels.js",
            "main.js");

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

    private ReportPage() {}

    /** The page of a run. The same diagram gives the same page to the byte. */
    public static String of(Diagram diagram) {
        String scripts = SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.joining("\n"));
        // In JSON "<" occurs only in strings; escaping it keeps scenario text from ending the script element.
        String data = DiagramJson.of(diagram).toString().replace("<", "\\u003c");
        Map<String, String> parts = Map.of(
                "title",
                Markup.escaped(diagram.head().title()),
                "style",
                resource("report.css"),
                "script",
                scripts,
                "data",
                data);
        // In one pass, so that inserted text is not searched for placeholders.
        return PLACE.matcher(resource("report.html"))
                .replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1))));
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the file " + name + " of the report is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
