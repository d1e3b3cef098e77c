package io.orrery.report.served;

import static io.orrery.report.Markup.escaped;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The table of all kept runs, newest first. */
final class IndexPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private IndexPage() {}

    static String of(Path folder, List<KeptRun> runs) {
        String rows = runs.isEmpty()
                ? "<tr><td colspan=\"6\">There are no runs here yet: ./run.sh sim scenarios/lamport-delay.conf --out "
                        + escaped(folder.toString()) + "</td></tr>"
                : runs.stream().map(IndexPage::row).collect(Collectors.joining("\n"));
        // The rows are inserted last, so that their text is not searched for placeholders.
        return template().replace("{{folder}}", escaped(folder.toString())).replace("{{rows}}", rows);
    }

    private static String row(KeptRun run) {
        String links = run.files().stream()
                .map(name -> "<a href=\"" + escaped(address(run.path(), name)) + "\">" + escaped(name) + "</a>")
                .collect(Collectors.joining(" "));
        String what = run.problem().isEmpty() ? scenario(run) : cell("problem", run.path() + ": " + run.problem());
        return "<tr><td class=\"time\">" + TIME.format(run.at()) + "</td>" + what + "<td class=\"files\">" + links
                + "</td></tr>";
    }

    private static String scenario(KeptRun run) {
        String seen = run.asExpected() ? "as expected" : "not as expected";
        return "<td title=\"" + escaped(run.command()) + "\">" + escaped(run.title()) + "<small>"
                + escaped(run.scenario()) + "</small></td>" + cell("protocol", run.protocol())
                + cell("number", run.seed()) + "<td>" + word(run.asExpected() ? "holds" : "violated", seen)
                + verdicts(run) + "</td>";
    }

    /** The models grouped by verdict, violated ones first. */
    private static String verdicts(KeptRun run) {
        return Stream.of("violated", "undecided", "holds")
                .filter(run.verdicts()::containsValue)
                .map(verdict -> {
                    String models = run.verdicts().keySet().stream()
                            .filter(model -> run.verdicts().get(model).equals(verdict))
                            .collect(Collectors.joining(", "));
                    return "<div>" + word(verdict, verdict) + " " + escaped(models) + "</div>";
                })
                .collect(Collectors.joining());
    }

    private static String word(String type, String text) {
        return "<b class=\"" + type + "\">" + text + "</b>";
    }

    private static String cell(String type, String text) {
        String span = type.equals("problem") ? " colspan=\"4\"" : "";
        return "<td class=\"" + type + "\"" + span + ">" + escaped(text) + "</td>";
    }

    /** Names may contain characters that are reserved in a URI. */
    private static String address(Path path, String name) {
        String names = Stream.concat(path.toString().isEmpty() ? Stream.empty() : names(path), Stream.of(name))
                .collect(Collectors.joining("/"));
        try {
            return new URI(null, null, "/" + names, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("every path has an address", e);
        }
    }

    private static Stream<String> names(Path path) {
        return StreamSupport.stream(path.spliterator(), false).map(Path::toString);
    }

    private static String template() {
        try (InputStream in = IndexPage.class.getResourceAsStream("index.html")) {
            if (in == null) {
                throw new IllegalStateException("the file index.html of the reports is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
