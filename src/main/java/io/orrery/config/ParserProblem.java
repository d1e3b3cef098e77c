package io.orrery.config;

import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the parser complains of, in the terms of HOCON and with its line. */
final class ParserProblem {
    private static final Pattern POSITION = Pattern.compile("^.*?: (\\d+): (.*)$", Pattern.DOTALL);

    private ParserProblem() {}

    /** @param text of the file, which is looked at where the mistake may be above the line of the complaint */
    static ConfigProblem of(String file, HoconText text, ConfigException e) {
        Optional<String> included = includedFile(e);
        String where = included.map(ParserProblem::shown).orElse(file);
        if (!(e instanceof ConfigException.Parse)) {
            return new ConfigProblem(locate(where, e), e);
        }
        HoconText wrong = included.map(path -> new HoconText(FileText.read(Path.of(path), where)))
                .orElse(text);
        return new ConfigProblem(
                wrong.bracketProblem().map(it -> where + ":" + it).orElseGet(() -> locate(where, e)), e);
    }

    private static Optional<String> includedFile(ConfigException e) {
        return Optional.ofNullable(e.origin()).map(origin -> origin.filename());
    }

    /** An included file as people name it: from here, where it is below. */
    static String shown(String absolute) {
        Path here = Path.of("").toAbsolutePath();
        Path path = Path.of(absolute);
        return path.startsWith(here) ? here.relativize(path).toString() : absolute;
    }

    private static String locate(String file, ConfigException e) {
        // The library puts "origin: line: " before its message, and knows the origin's line only sometimes.
        Matcher position = POSITION.matcher(e.getMessage());
        return position.matches()
                ? file + ":" + position.group(1) + ": " + inHocon(position.group(2))
                : file + ": " + e.getMessage();
    }

    /** What is said of brackets in words that are not HOCON's. */
    private static String inHocon(String message) {
        return message.replace("expecting a close parentheses ')' here, not: ", "a '}' is expected here, not ")
                .replace(
                        "List should have ended with ] or had a comma, instead had token: ",
                        "a list goes on with a comma or a new line, or ends with ']'; here it is followed by ");
    }
}
