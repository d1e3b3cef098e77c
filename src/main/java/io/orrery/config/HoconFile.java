package io.orrery.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;
import java.util.function.Function;

/** A file, or a text in place of one, parsed as HOCON; a syntax error is a {@link ConfigProblem}. */
final class HoconFile {
    private final String name;
    private final HoconText text;
    private final IncludePolicy includePolicy;
    private final Function<ConfigParseOptions, Config> parser;

    private HoconFile(
            String name, String text, IncludePolicy includePolicy, Function<ConfigParseOptions, Config> parser) {
        this.name = name;
        this.text = new HoconText(text);
        this.includePolicy = includePolicy;
        this.parser = parser;
    }

    static HoconFile of(Path path, IncludePolicy includePolicy) {
        String name = path.toString();
        // The library resolves relative includes only against an absolute path.
        return new HoconFile(
                name,
                FileText.read(path, name),
                includePolicy,
                options -> ConfigFactory.parseFile(path.toAbsolutePath().toFile(), options));
    }

    static HoconFile of(String name, String text, IncludePolicy includePolicy) {
        return new HoconFile(name, text, includePolicy, options -> ConfigFactory.parseString(text, options));
    }

    /** As given by the caller. */
    String name() {
        return name;
    }

    ConfigObject root() {
        text.depthProblem().ifPresent(problem -> {
            throw new ConfigProblem(name + ":" + problem);
        });
        try {
            Config parsed = parser.apply(options());
            if (includePolicy == IncludePolicy.STRANGER && !parsed.isResolved()) {
                throw refused(text.substitutionLine(), "uses substitutions, ${…}");
            }
            return parsed.resolve().root();
        } catch (ConfigException e) {
            throw ParserProblem.of(name, text, e);
        } catch (StackOverflowError e) {
            throw new ConfigProblem(name + ": its objects are nested too deeply", e);
        }
    }

    private ConfigParseOptions options() {
        ConfigParseOptions options =
                ConfigParseOptions.defaults().setAllowMissing(false).setOriginDescription(name);
        return includePolicy == IncludePolicy.OWN
                ? options
                : options.setIncluder(new NoIncludes(() -> refused(text.includeLine(), "includes another")));
    }

    private ConfigProblem refused(int line, String what) {
        return new ConfigProblem(
                (line > 0 ? name + ":" + line : name) + ": the file " + what
                        + ", which it may do only with --trusted: for files of your own",
                line,
                null);
    }
}
