package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.config.ConfigProblem;
import io.orrery.deployment.DeploymentLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each number and time in each file that comes with Orrery, at its extremes: it is taken, or one line says what is wrong. */
class ExtremeFilesTest {
    private static final Pattern VALUE = Pattern.compile("(?<=[=,\\[(] ?)-?[0-9]+(\\.[0-9]+)?(ms|us|s|m|h|%)?");
    private static final List<String> EXTREMES = List.of(
            "0",
            "-1",
            "0.5",
            "2147483648",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999",
            "1e400",
            "2562047h",
            "2562048h",
            "9223372036854775807ns",
            "\"\\u0000\"");

    @TempDir
    private Path directory;

    @Test
    void deployments() throws IOException {
        forEachChanged("conf", EXTREMES, DeploymentLoader::load);
    }

    @Test
    void scenarios() throws IOException {
        forEachChanged("scenarios", EXTREMES.subList(4, 8), ScenarioLoader::load);
    }

    private void forEachChanged(String from, List<String> extremes, Consumer<Path> loader) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(from))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".conf")).toList()) {
                String text = Files.readString(file);
                Matcher value = VALUE.matcher(text);
                while (value.find()) {
                    for (String extreme : extremes) {
                        load(loader, text.substring(0, value.start()) + extreme + text.substring(value.end()));
                    }
                }
            }
        }
    }

    private void load(Consumer<Path> loader, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("changed.conf"), text);
        try {
            loader.accept(file);
        } catch (ConfigProblem e) {
            assertTrue(e.getMessage().contains("changed.conf"), e::getMessage);
            assertFalse(e.getMessage().isBlank());
        } catch (RuntimeException e) {
            throw new AssertionError(text, e);
        }
    }
}
