package io.orrery.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.orrery.model.Durations;
import io.orrery.model.Unicode;
import io.orrery.model.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One object of a HOCON file, read strictly: a key that is not expected, a value of the wrong kind and a parser's
 * complaint are all {@link ConfigProblem}s that say where they are.
 *
 * <p>Call {@link #expect} first, then read the keys. A parser rejects a value by an {@link IllegalArgumentException},
 * whose message becomes the problem's.
 *
 * <p>A reader of {@link #readFile} continues after a mistake in an unexpected key, an optional value, an item of a
 * list, or an {@linkplain #attempt attempt}.
 */
public final class ConfigReader {
    private final String file;
    private final ConfigObject object;
    /** Null for a reader that throws at the first mistake. */
    private final Diagnostics diagnostics;

    private Set<String> expected = Set.of();
    /** The problems with unexpected keys, by the key that was probably meant, or by themselves. */
    private final Map<String, ConfigProblem> unknown = new LinkedHashMap<>();

    private ConfigReader(String file, ConfigObject object, Diagnostics diagnostics) {
        this.file = file;
        this.object = object;
        this.diagnostics = diagnostics;
    }

    /**
     * Reads a file of one's own, up to the first mistake.
     *
     * @throws ConfigProblem when it cannot be read or is not HOCON
     */
    public static ConfigReader ofFile(Path path) {
        HoconFile opened = HoconFile.of(path, IncludePolicy.OWN);
        return new ConfigReader(opened.name(), opened.root(), null);
    }

    /** Reads a text as if it were a file of this name, up to the first mistake. */
    public static ConfigReader ofText(String name, String text) {
        return new ConfigReader(
                name, HoconFile.of(name, text, IncludePolicy.OWN).root(), null);
    }

    /**
     * Reads a file and collects all its mistakes: a wrong part that can be left out is noted and skipped.
     *
     * @param warnings takes a line for each probable mistake that does not stop the reading
     * @param reading reads all of the file; its result counts only if there is no mistake
     * @throws ConfigProblem if there are mistakes; it names all of them
     */
    public static <T> T readFile(
            Path path, IncludePolicy includePolicy, Consumer<String> warnings, Function<ConfigReader, T> reading) {
        return read(HoconFile.of(path, includePolicy), warnings, reading);
    }

    /** The same for a text as if it were a file of this name. */
    public static <T> T readText(
            String name,
            String text,
            IncludePolicy includePolicy,
            Consumer<String> warnings,
            Function<ConfigReader, T> reading) {
        return read(HoconFile.of(name, text, includePolicy), warnings, reading);
    }

    private static <T> T read(HoconFile opened, Consumer<String> warnings, Function<ConfigReader, T> reading) {
        Diagnostics diagnostics = new Diagnostics();
        T result = null;
        try {
            result = reading.apply(new ConfigReader(opened.name(), opened.root(), diagnostics));
        } catch (ConfigProblem e) {
            diagnostics.add(e);
        } catch (RuntimeException e) {
            diagnostics.requireNone(); // What fails after a mistake may follow from it.
            throw e;
        }
        diagnostics.requireNone();
        diagnostics.warnings().forEach(warnings);
        return result;
    }

    /**
     * Runs an action; a mistake ends the action, is noted, and does not end the reading.
     *
     * @return the result; the second argument after a mistake
     */
    public <T> T attempt(Supplier<T> action, T otherwise) {
        try {
            return action.get();
        } catch (ConfigProblem e) {
            found(e);
            return otherwise;
        }
    }

    private void found(ConfigProblem problem) {
        if (diagnostics == null) {
            throw problem;
        }
        diagnostics.add(problem);
    }

    /** Warns that the value of a key is probably not what was meant. */
    public void warn(String key, String message) {
        if (diagnostics != null) {
            ConfigValue value = object.get(key);
            diagnostics.warn(where(value == null ? object.origin() : value.origin()) + ": warning: " + message);
        }
    }

    /**
     * Declares the keys that may occur.
     *
     * @throws ConfigProblem when there is another one
     */
    public ConfigReader expect(String... keys) {
        expected = new TreeSet<>(List.of(keys));
        for (String key : sortedKeys()) {
            if (!expected.contains(key)) {
                Optional<String> near = NameSuggestion.nearest(key, expected);
                String meant = near.map(it -> "did you mean \"" + it + "\"?")
                        .orElse("there are: " + String.join(", ", expected));
                ConfigProblem problem = problem(key, "there is no key \"" + key + "\" here; " + meant);
                found(problem);
                unknown.putIfAbsent(near.orElse(key), problem);
            }
        }
        return this;
    }

    /** The problem with the first unexpected key, which often explains why another key seems missing. */
    public Optional<ConfigProblem> unknownKey() {
        return unknown.values().stream().findFirst();
    }

    private Collection<String> sortedKeys() {
        List<String> keys = new ArrayList<>(object.keySet());
        keys.sort((a, b) -> Integer.compare(line(object.get(a)), line(object.get(b))));
        return keys;
    }

    private static int line(ConfigValue value) {
        return value.origin().lineNumber();
    }

    /** The keys that occur, also those with the value {@code null}, in the order of their lines. */
    public List<String> keys() {
        return List.copyOf(sortedKeys());
    }

    /** Whether the key occurs, even with the value {@code null}. */
    public boolean has(String key) {
        requireExpected(key);
        return object.containsKey(key);
    }

    public boolean isObject(String key) {
        return has(key) && object.get(key).valueType() == ConfigValueType.OBJECT;
    }

    public boolean isList(String key) {
        return has(key) && object.get(key).valueType() == ConfigValueType.LIST;
    }

    /** A string, or a number or boolean as it is written. */
    public String text(String key) {
        return scalar(key, required(key));
    }

    /** A text, read by a parser. */
    public <T> T get(String key, Function<String, T> parser) {
        String text = text(key);
        return checked(key, () -> parser.apply(text));
    }

    public <T> T get(String key, T otherwise, Function<String, T> parser) {
        return has(key) ? attempt(() -> get(key, parser), otherwise) : otherwise;
    }

    public <T> Optional<T> find(String key, Function<String, T> parser) {
        return has(key) ? attempt(() -> Optional.of(get(key, parser)), Optional.empty()) : Optional.empty();
    }

    /** A time such as {@code 500ms}. */
    public Duration duration(String key, Duration otherwise) {
        return get(key, otherwise, Durations::parse);
    }

    /** A whole number within bounds, both included. */
    public int integer(String key, int otherwise, int min, int max) {
        return get(key, otherwise, text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Reported below.
            }
            String range = max == Integer.MAX_VALUE ? min + " or more" : "from " + min + " to " + max;
            throw new IllegalArgumentException(key + " is a whole number, " + range + ", not " + text);
        });
    }

    /** A number; its range is for the caller to check, in a parser of {@link #get}, or with {@link #checked}. */
    public double number(String key, double otherwise) {
        return get(key, otherwise, text -> {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(key + " is a number, not \"" + text + "\"");
            }
        });
    }

    /** A size within bounds, both included, such as {@code 1MiB}, {@code 512kB} or a bare number of bytes. */
    public long bytes(String key, long otherwise, long min, long max) {
        return get(key, otherwise, text -> {
            long size;
            try {
                size = required(key).atKey("it").getMemorySize("it").toBytes();
            } catch (ConfigException e) {
                throw new IllegalArgumentException(key + " is a size such as 1MiB or 512kB, not \"" + text + "\"");
            }
            if (size < min || size > max) {
                throw new IllegalArgumentException(key + " is from " + min + " to " + max + " bytes, not " + text);
            }
            return size;
        });
    }

    /** A boolean: {@code true} or {@code false}, {@code on} or {@code off}, {@code yes} or {@code no}. */
    public boolean flag(String key, boolean otherwise) {
        return get(key, otherwise, text -> switch (text) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw new IllegalArgumentException(key + " is on or off, not \"" + text + "\"");
        });
    }

    /** Any value, as JSON. A number that is the whole value keeps its digits. */
    public Value json(String key) {
        requireExpected(key);
        ConfigValue value = object.get(key);
        if (value == null) {
            throw missing(key);
        }
        JsonNumbers.badOne(value).ifPresent(wrong -> {
            String number = textOf(wrong);
            throw at(
                    wrong.origin(),
                    number + " is not a number of JSON, which has no leading zeros and ends with a digit; a text is"
                            + " written in quotes, \"" + number + "\"");
        });
        return value.valueType() == ConfigValueType.NUMBER
                ? new Value(textOf(value))
                : checked(key, () -> Value.parse(value.render(ConfigRenderOptions.concise())));
    }

    /** As written in the file. */
    static String textOf(ConfigValue scalar) {
        return scalar.atKey("it").getString("it");
    }

    /** An object within this one. */
    public ConfigReader object(String key) {
        return new ConfigReader(file, asObject(key, required(key)), diagnostics);
    }

    /** An object within this one; an empty one if the key is absent. */
    public ConfigReader objectOrEmpty(String key) {
        return has(key)
                ? object(key)
                : new ConfigReader(file, ConfigFactory.empty().root().withOrigin(object.origin()), diagnostics);
    }

    /** A list of objects. */
    public List<ConfigReader> objects(String key) {
        return each(asList(key, required(key)), item -> new ConfigReader(file, asObject(key, item), diagnostics));
    }

    /** A list of texts, each read by a parser; the problem names the line of the item. */
    public <T> List<T> list(String key, Function<String, T> parser) {
        return each(asList(key, required(key)), item -> parsed(key, item, parser));
    }

    /** All items; each wrong one is noted. */
    private <T> List<T> each(ConfigList list, Function<ConfigValue, T> reading) {
        List<T> items = new ArrayList<>();
        ConfigProblem last = null;
        for (ConfigValue item : list) {
            try {
                items.add(reading.apply(item));
            } catch (ConfigProblem e) {
                found(e);
                last = e;
            }
        }
        if (last != null) {
            throw last;
        }
        return items;
    }

    /** A list of lists of texts. */
    public <T> List<List<T>> lists(String key, Function<String, T> parser) {
        return asList(key, required(key)).stream()
                .map(inner -> each(asList(key, inner), item -> parsed(key, item, parser)))
                .toList();
    }

    private <T> T parsed(String key, ConfigValue item, Function<String, T> parser) {
        String text = scalar(key, item);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw at(item.origin(), e.getMessage());
        }
    }

    /** Runs an action on the value of a key; an {@link IllegalArgumentException} becomes a problem at that key. */
    public <T> T checked(String key, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw problem(key, e.getMessage());
        }
    }

    /** A problem with the value of a key; with the whole object if the key is absent. */
    public ConfigProblem problem(String key, String message) {
        ConfigValue value = object.get(key);
        return at(value == null ? object.origin() : value.origin(), message);
    }

    /** A problem with this object as a whole. */
    public ConfigProblem problem(String message) {
        return at(object.origin(), message);
    }

    /** The name of the file, as given by the caller. */
    public String file() {
        return file;
    }

    /** Where this object begins: {@code file:line}. */
    public String where() {
        return where(object.origin());
    }

    /** The line where the value of a key stands. */
    public int line(String key) {
        return required(key).origin().lineNumber();
    }

    /** The line where this object begins. */
    public int line() {
        return object.origin().lineNumber();
    }

    private ConfigProblem at(ConfigOrigin origin, String message) {
        return new ConfigProblem(where(origin) + ": " + message, origin.lineNumber(), null);
    }

    private String where(ConfigOrigin origin) {
        if (origin.lineNumber() > 0) {
            // For an included file the origin names it; for the file itself the origin has only the name given here.
            String name = origin.filename() == null ? file : ParserProblem.shown(origin.filename());
            return name + ":" + origin.lineNumber();
        }
        // A value from the environment has no line: its origin names the variable.
        return origin.description().startsWith("env") ? file + " (" + origin.description() + ")" : file;
    }

    private ConfigValue required(String key) {
        requireExpected(key);
        ConfigValue value = object.get(key);
        if (value == null) {
            throw missing(key);
        }
        if (value.valueType() == ConfigValueType.NULL) {
            throw problem(key, key + " may not be null");
        }
        return value;
    }

    private ConfigProblem missing(String key) {
        // A misspelt key is one mistake, not two.
        return unknown.getOrDefault(key, problem("\"" + key + "\" is missing"));
    }

    private void requireExpected(String key) {
        if (!expected.contains(key)) {
            throw new IllegalStateException("not among the expected keys: " + key);
        }
    }

    private String scalar(String key, ConfigValue value) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> unicode(key, value);
            default -> throw at(value.origin(), key + " is a single value, not " + kind(value));
        };
    }

    private String unicode(String key, ConfigValue value) {
        try {
            return Unicode.require(key, textOf(value));
        } catch (IllegalArgumentException e) {
            throw at(value.origin(), e.getMessage());
        }
    }

    private ConfigObject asObject(String key, ConfigValue value) {
        if (value instanceof ConfigObject it) {
            return it;
        }
        throw at(value.origin(), key + " is written in braces, { … }; this is " + kind(value));
    }

    private ConfigList asList(String key, ConfigValue value) {
        if (value instanceof ConfigList it) {
            return it;
        }
        throw at(value.origin(), key + " is a list, [ … ]; this is " + kind(value));
    }

    private static String kind(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "an object";
            case LIST -> "a list";
            case NULL -> "null";
            default -> "the " + value.valueType().name().toLowerCase(Locale.ROOT) + " " + value.unwrapped();
        };
    }
}
