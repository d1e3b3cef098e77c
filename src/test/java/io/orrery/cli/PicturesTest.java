package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A diagram on a page is what the command below it draws. */
class PicturesTest {
    private static final Path IMAGES = Path.of("src", "site", "resources", "images");
    private static final Pattern PICTURE_AND_COMMAND =
            Pattern.compile("!\\[[^]]+]\\(([^)]+\\.svg)\\)\n\n {4}\\./run\\.sh (sim \\S+) --svg (\\S+)\n");

    private record Drawn(Path picture, String command) {}

    static List<Drawn> drawn() throws IOException {
        List<Drawn> drawn = new ArrayList<>();
        for (Path page : DocumentationTest.pages()) {
            Matcher matcher = PICTURE_AND_COMMAND.matcher(Files.readString(page));
            while (matcher.find()) {
                Path picture = page.resolveSibling(matcher.group(1)).normalize();
                assertEquals(picture.toString(), matcher.group(3));
                drawn.add(new Drawn(picture, matcher.group(2)));
            }
        }
        return drawn;
    }

    @ParameterizedTest
    @MethodSource("drawn")
    void isWhatTheCommandDraws(Drawn drawn, @TempDir Path scratch) throws IOException {
        Path now = scratch.resolve("now.svg");
        PrintWriter out = new PrintWriter(new StringWriter());
        Main.run(out, out, (drawn.command + " --svg " + now).split(" "));
        assertEquals(
                Files.readString(now),
                Files.readString(drawn.picture),
                () -> "to draw it anew: ./run.sh " + drawn.command + " --svg " + drawn.picture);
    }

    @Test
    void noneIsLeftOver() throws IOException {
        Set<Path> shown = drawn().stream().map(Drawn::picture).collect(Collectors.toCollection(TreeSet::new));
        assertFalse(shown.isEmpty());
        try (Stream<Path> files = Files.walk(IMAGES)) {
            assertEquals(
                    shown,
                    files.filter(file -> file.toString().endsWith(".svg"))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }
}
