package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Does what write-a-protocol.md says, file by file and command by command. */
@Timeout(120)
class WriteAProtocolTest {
    private static final Path PAGE = Path.of("src", "site", "markdown", "write-a-protocol.md");
    private static final Pattern FILE = Pattern.compile("`([^`]+)`:");
    private static final Pattern RUN = Pattern.compile("    \\$ \\./run\\.sh (.*)");
    private static final Pattern TIMES = Pattern.compile("(\\S s) +\\S+ [mu]?s$");

    @TempDir
    private Path directory;

    private final ClassLoader usual = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void forget() {
        Thread.currentThread().setContextClassLoader(usual);
        System.clearProperty("orrery.plugins");
        Protocols.lookAgain();
    }

    @Test
    void eachStepRuns() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        int files = 0;
        int commands = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher file = FILE.matcher(lines.get(i));
            Matcher command = RUN.matcher(lines.get(i));
            if (file.matches()) {
                Path place = directory.resolve(file.group(1));
                Files.createDirectories(place.getParent());
                Files.write(place, untilText(lines, i + 2));
                files++;
            } else if (command.matches()) {
                compile();
                Transcript shown = new Transcript(command.group(1), untilCommand(lines, i + 1));
                shown.compare(run(command.group(1)), line -> TIMES.matcher(line).replaceFirst("$1"));
                commands++;
            }
        }
        compile();
        assertEquals(6, files);
        assertEquals(3, commands);
    }

    /** The indented lines from here on, without their indentation; empty lines in between are part of them. */
    private static List<String> untilText(List<String> lines, int from) {
        List<String> block = new ArrayList<>();
        for (String line : lines.subList(from, lines.size())) {
            if (RUN.matcher(line).matches() || !line.isEmpty() && !line.startsWith("    ")) {
                break;
            }
            block.add(line.isEmpty() ? line : line.substring(4));
        }
        return block;
    }

    private static List<String> untilCommand(List<String> lines, int from) {
        return lines.subList(from, lines.size()).stream()
                .takeWhile(line -> line.startsWith("    "))
                .map(line -> line.substring(4))
                .toList();
    }

    private void compile() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        try (Stream<Path> sources = Files.walk(directory.resolve("src"))) {
            sources.map(Path::toString).filter(it -> it.endsWith(".java")).forEach(arguments::add);
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)));
        try (OutputStream file = Files.newOutputStream(directory.resolve("counting.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            add(jar, classes);
            add(jar, directory.resolve("src/main/resources"));
        }
    }

    private static void add(JarOutputStream jar, Path root) throws IOException {
        List<Path> content;
        try (Stream<Path> files = Files.walk(root)) {
            content = files.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : content) {
            jar.putNextEntry(new JarEntry(root.relativize(file).toString()));
            jar.write(Files.readAllBytes(file));
        }
    }

    private List<String> run(String command) {
        String[] arguments = Arrays.stream(command.split(" "))
                .map(word ->
                        word.startsWith("counting.") ? directory.resolve(word).toString() : word)
                .toArray(String[]::new);
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        Main.run(out, out, arguments);
        return printed.toString().replace(directory + "/", "").lines().toList();
    }
}
