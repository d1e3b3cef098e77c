package io.orrery.config;

import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates an error of the parser into the terms of HOCON, with its line. */
final class ParserProblem {
    private static final Pattern POSITION = Pattern.compile("^.*?: (\\d+): (.*)$", Pattern.DOTALL);

    private static final Pattern RESERVED = Pattern.compile("Reserved character '(.+?)' is not allowed outside quotes");

    private ParserProblem() {}

    /** @param text the text of the file, which is scanned if the mistake may be above the reported line */
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

    /** The name of an included file for people: relative to the current directory if it is below it. */
    static String shown(String absolute) {
        Path here = Path.of("").toAbsolutePath();
        Path path = Path.of(absolute);
        return path.startsWith(here) ? here.relativize(path).toString() : absolute;
    }

    private static String locate(String file, ConfigException e) {
        // The library prefixes its message with "origin: line: ", and knows the line only sometimes.
        Matcher position = POSITION.matcher(e.getMessage());
        return position.matches()
                ? file + ":" + position.group(1) + ": " + inHocon(position.group(2))
                : file + ": " + e.getMessage();
    }

    /** Translates the library's words. */
    private static String inHocon(String message) {
        Matcher reserved = RESERVED.matcher(message);
        if (reserved.find()) {
            return "a text with '" + reserved.group(1) + "' in it is written in quotes, \"…\"";
        }
        return message.replace("expecting a close parentheses ')' here, not: ", "a '}' is expected here, not ")
                .replace(
                        "List should have ended with ] or had a comma, instead had token: ",
                        "a list goes on with a comma or a new line, or ends with ']'; here it is followed by ");
    }
}
