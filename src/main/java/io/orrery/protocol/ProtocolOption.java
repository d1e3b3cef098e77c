package io.orrery.protocol;

import io.orrery.config.NameSuggestion;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An option of a protocol, set by {@code options { … }} in a scenario or a deployment. Bounds and default may depend on
 * the replicas. Two options are the same only when they are the same object: a protocol keeps each in a constant, lists
 * it in its {@link ProtocolType}, and reads it by {@link ReplicaSettings#get}.
 *
 * @param <T> what the protocol reads
 */
public final class ProtocolOption<T> {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private static final String WHOLE = "a whole number";

    private final String name;
    private final String summary;
    private final String type;
    private final String bounds;
    private final String usualForm;
    private final Function<List<NodeId>, Form<T>> forms;
    private final OptionalInt least;

    /** The type of an option, with bounds and default. */
    private record Form<T>(T usual, Function<String, T> parser, Function<T, String> writer) {}

    private ProtocolOption(
            String name,
            String summary,
            String type,
            String bounds,
            String usualForm,
            Function<List<NodeId>, Form<T>> forms) {
        this(name, summary, type, bounds, usualForm, forms, OptionalInt.empty());
    }

    private ProtocolOption(
            String name,
            String summary,
            String type,
            String bounds,
            String usualForm,
            Function<List<NodeId>, Form<T>> forms,
            OptionalInt least) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of an option is lower-case words with hyphens between them, not \"" + name + "\"");
        }
        this.name = name;
        this.summary = summary;
        this.type = type;
        this.bounds = bounds;
        this.usualForm = usualForm;
        this.forms = forms;
        this.least = least;
    }

    /** A whole number within bounds, both included. */
    public static ProtocolOption<Integer> integer(String name, String summary, int min, int max, int usual) {
        return new ProtocolOption<>(
                        name,
                        summary,
                        WHOLE,
                        range(min, max),
                        String.valueOf(usual),
                        replicas -> wholes(name, min, max, usual),
                        OptionalInt.of(min))
                .requireUsual();
    }

    /** A number of the other replicas: from 0 to all of them. The default is as given, or all if there are fewer. */
    public static ProtocolOption<Integer> countOfOthers(String name, String summary, int usual) {
        return new ProtocolOption<>(
                name,
                summary,
                WHOLE,
                "from 0 to the number of other replicas",
                usual + ", or all other replicas where there are fewer",
                replicas -> wholes(name, 0, replicas.size() - 1, Math.min(usual, replicas.size() - 1)));
    }

    private static Form<Integer> wholes(String name, int min, int max, int usual) {
        return new Form<>(
                usual,
                text -> {
                    try {
                        int number = Integer.parseInt(text);
                        if (number >= min && number <= max) {
                            return number;
                        }
                    } catch (NumberFormatException e) {
                        // Reported below.
                    }
                    throw new IllegalArgumentException(
                            name + " is " + WHOLE + ", " + range(min, max) + ", not " + text);
                },
                String::valueOf);
    }

    private static String range(int min, int max) {
        return max == Integer.MAX_VALUE ? min + " or more" : "from " + min + " to " + max;
    }

    /** A time within bounds, both included, such as {@code 500ms}. */
    public static ProtocolOption<Duration> duration(
            String name, String summary, Duration min, Duration max, Duration usual) {
        String bounds = "from " + Durations.format(min) + " to " + Durations.format(max);
        Form<Duration> times = new Form<>(
                usual,
                text -> {
                    Duration time = Durations.parse(text);
                    if (time.compareTo(min) < 0 || time.compareTo(max) > 0) {
                        throw new IllegalArgumentException(name + " is a time " + bounds + ", not " + text);
                    }
                    return time;
                },
                Durations::format);
        return new ProtocolOption<>(name, summary, "a time", bounds, Durations.format(usual), replicas -> times)
                .requireUsual();
    }

    /** On or off. */
    public static ProtocolOption<Boolean> flag(String name, String summary, boolean usual) {
        Form<Boolean> flags = new Form<>(
                usual,
                text -> switch (text) {
                    case "true", "on", "yes" -> true;
                    case "false", "off", "no" -> false;
                    default -> throw new IllegalArgumentException(name + " is on or off, not \"" + text + "\"");
                },
                on -> on ? "on" : "off");
        return new ProtocolOption<>(name, summary, "on or off", "", usual ? "on" : "off", replicas -> flags);
    }

    /** One of several texts. */
    public static ProtocolOption<String> choice(String name, String summary, List<String> choices, String usual) {
        List<String> all = List.copyOf(choices);
        Form<String> texts = new Form<>(usual, text -> requireOneOf(name + " is ", text, all), text -> text);
        return new ProtocolOption<>(name, summary, "a text", String.join(" or ", all), usual, replicas -> texts)
                .requireUsual();
    }

    /** One of the replicas. By default the first one. */
    public static ProtocolOption<NodeId> replica(String name, String summary) {
        return new ProtocolOption<>(
                name,
                summary,
                "a replica",
                "",
                "the first replica",
                replicas -> new Form<>(
                        replicas.get(0),
                        text -> {
                            NodeId id = NodeId.of(text);
                            if (!replicas.contains(id)) {
                                throw new IllegalArgumentException("there is no replica " + text
                                        + NameSuggestion.nearest(
                                                        text,
                                                        replicas.stream()
                                                                .map(NodeId::name)
                                                                .toList())
                                                .map(near -> "; did you mean " + near + "?")
                                                .orElse("; there are " + replicas));
                            }
                            return id;
                        },
                        NodeId::name));
    }

    private static String requireOneOf(String what, String text, List<String> all) {
        if (!all.contains(text)) {
            String known = all.stream().map(it -> "\"" + it + "\"").collect(Collectors.joining(" or "));
            throw new IllegalArgumentException(what + known + ", not \"" + text + "\"");
        }
        return text;
    }

    /** Fails early if the default is out of bounds, which is an error of the protocol's author. */
    private ProtocolOption<T> requireUsual() {
        Form<T> any = forms.apply(List.of());
        any.parser.apply(any.writer.apply(any.usual));
        return this;
    }

    /** As files name it. */
    public String name() {
        return name;
    }

    /** One line for people. */
    public String summary() {
        return summary;
    }

    /** In words for people: {@code a whole number}. */
    public String type() {
        return type;
    }

    /** In words for people, such as {@code from 1 to 10}; empty where it has none. */
    public String bounds() {
        return bounds;
    }

    /** Its default, in words for people. */
    public String usualForm() {
        return usualForm;
    }

    /** The lowest value of a whole number within bounds; empty for other options. */
    public OptionalInt least() {
        return least;
    }

    /** The default value. */
    public T usual(List<NodeId> replicas) {
        return forms.apply(replicas).usual;
    }

    /** @throws IllegalArgumentException if the text is not a valid value; the message says what would be right */
    public T parse(String text, List<NodeId> replicas) {
        return forms.apply(replicas).parser.apply(text);
    }

    /** As {@link #parse} reads it. */
    String write(T value, List<NodeId> replicas) {
        return forms.apply(replicas).writer.apply(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
