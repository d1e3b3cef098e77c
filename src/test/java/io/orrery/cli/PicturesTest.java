package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A diagram on a page is what the command below it draws. */
class PicturesTest {
    private static final Path IMAGES = Path.of("src", "site", "resources", "images");
    private static final Pattern PICTURE_AND_COMMAND =
            Pattern.compile("!\\[[^]]+]\\(([^)]+\\.svg)\\)\n\n {4}\\./run\\.sh (sim \\S+) --svg (\\S+)\n");

    private record Picture(Path file, String command) {}

    static List<Picture> pictures() throws IOException {
        List<Picture> pictures = new ArrayList<>();
        for (Path page : DocumentationTest.pages()) {
            Matcher matcher = PICTURE_AND_COMMAND.matcher(Files.readString(page));
            while (matcher.find()) {
                Path file = page.resolveSibling(matcher.group(1)).normalize();
                assertEquals(file.toString(), matcher.group(3));
                pictures.add(new Picture(file, matcher.group(2)));
            }
        }
        return pictures;
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void isWhatTheCommandDraws(Picture picture, @TempDir Path scratch) throws IOException {
        Path now = scratch.resolve("now.svg");
        PrintWriter out = new PrintWriter(new StringWriter());
        Main.run(out, out, (picture.command + " --svg " + now).split(" "));
        assertEquals(
                Files.readString(now),
                Files.readString(picture.file),
                () -> "to draw it anew: ./run.sh " + picture.command + " --svg " + picture.file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "tour"})
    void isOnAPage(String folder) throws IOException {
        Set<Path> shown = pictures().stream().map(Picture::file).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(IMAGES.resolve(folder))) {
            List<Path> forgotten = files.filter(file -> !shown.contains(file)).toList();
            assertEquals(List.of(), forgotten);
        }
    }
}
