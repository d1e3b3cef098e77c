package io.orrery.protocol;

import io.orrery.config.ConfigReader;
import io.orrery.model.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The values of a protocol's options, for given replicas. Immutable; an option that is not set has its default. */
public final class ProtocolOptions {
    /** The leader, which orders the writes. */
    public static final ProtocolOption<NodeId> LEADER = ProtocolOption.replica("leader", "who orders the writes");

    /** How many followers must have a write before it returns. */
    public static final ProtocolOption<Integer> WRITE_QUORUM =
            ProtocolOption.countOfOthers("write-quorum", "how many followers have a write before it returns", 3);

    /** Options that may also stand at the top of a file, where they stood before protocols had options. */
    private static final List<ProtocolOption<?>> AT_THE_TOP = List.of(LEADER, WRITE_QUORUM);

    /** The key under which a file sets them. */
    public static final String KEY = "options";

    private final List<NodeId> replicas;
    private final Map<ProtocolOption<?>, Object> set;

    private ProtocolOptions(List<NodeId> replicas, Map<ProtocolOption<?>, Object> set) {
        this.replicas = List.copyOf(replicas);
        this.set = set;
    }

    /** Nothing is set. */
    public static ProtocolOptions usual(List<NodeId> replicas) {
        return new ProtocolOptions(replicas, Collections.emptyMap());
    }

    /** @throws IllegalArgumentException when the option cannot be that; the message says what would be right */
    public <T> ProtocolOptions with(ProtocolOption<T> option, T value) {
        Map<ProtocolOption<?>, Object> more = new HashMap<>(set);
        more.put(option, option.parse(option.write(value, replicas), replicas));
        return new ProtocolOptions(replicas, more);
    }

    private <T> ProtocolOptions readOne(ProtocolOption<T> option, ConfigReader file) {
        return file.has(option.name())
                ? with(option, file.get(option.name(), text -> option.parse(text, replicas)))
                : this;
    }

    /** The value of an option, or its default. */
    @SuppressWarnings("unchecked") // What is set to it is what it has parsed.
    public <T> T get(ProtocolOption<T> option) {
        Object value = set.get(option);
        return value == null ? option.usual(replicas) : (T) value;
    }

    private <T> String text(ProtocolOption<T> option) {
        return option.write(get(option), replicas);
    }

    /** Those that are set, by name, as text. */
    public Map<String, String> given() {
        Map<String, String> given = new TreeMap<>();
        set.keySet().forEach(option -> given.put(option.name(), text(option)));
        return given;
    }

    /** Whether a file may set an option outside of {@link #KEY}. */
    public static boolean mayStandAtTheTop(String name) {
        return AT_THE_TOP.stream().anyMatch(option -> option.name().equals(name));
    }

    /**
     * The same options for other replicas.
     *
     * @param names the new name of each replica that stays
     * @throws IllegalArgumentException when an option cannot be that among these replicas
     */
    public ProtocolOptions among(List<NodeId> others, Map<NodeId, NodeId> names) {
        ProtocolOptions changed = usual(others);
        for (ProtocolOption<?> option : set.keySet()) {
            changed = copied(option, names, changed);
        }
        return changed;
    }

    @SuppressWarnings("unchecked") // A replica becomes a replica.
    private <T> ProtocolOptions copied(ProtocolOption<T> option, Map<NodeId, NodeId> names, ProtocolOptions target) {
        T value = get(option);
        return target.with(option, value instanceof NodeId id ? (T) names.getOrDefault(id, id) : value);
    }

    /** All options of a protocol by name, as text. */
    public Map<String, String> texts(ProtocolType protocol) {
        Map<String, String> texts = new TreeMap<>();
        protocol.options().forEach(option -> texts.put(option.name(), text(option)));
        return texts;
    }

    /**
     * Reads {@code options { … }} of a file, and those that may stand at its top, of which {@link #keysOf} names the
     * keys.
     *
     * @param protocol null if the file names no known protocol; its options are then not checked
     * @throws io.orrery.config.ConfigProblem if an option is unknown or has an invalid value
     */
    public static ProtocolOptions read(ConfigReader file, ProtocolType protocol, List<NodeId> replicas) {
        ProtocolOptions read = usual(replicas);
        for (ProtocolOption<?> option : AT_THE_TOP) {
            ProtocolOptions before = read;
            read = file.attempt(() -> before.readOne(option, file), before);
        }
        if (protocol == null || !file.has(KEY)) {
            return read;
        }
        ConfigReader options = file.object(KEY);
        if (protocol.options().isEmpty() && !options.keys().isEmpty()) {
            throw options.problem("the protocol " + protocol.name() + " has no options, so " + KEY + " stays empty");
        }
        options.expect(protocol.options().stream().map(ProtocolOption::name).toArray(String[]::new));
        for (ProtocolOption<?> option : protocol.options()) {
            ProtocolOptions before = read;
            read = options.attempt(
                    () -> {
                        requireOnce(option, options, file);
                        return before.readOne(option, options);
                    },
                    before);
        }
        return read;
    }

    private static void requireOnce(ProtocolOption<?> option, ConfigReader options, ConfigReader file) {
        if (AT_THE_TOP.contains(option) && options.has(option.name()) && file.has(option.name())) {
            throw options.problem(
                    option.name(),
                    option.name() + " is given in line " + file.line(option.name())
                            + " too; give it once, here or there");
        }
    }

    /** The keys of a file by which options are set, and others. */
    public static String[] keysOf(String... others) {
        List<String> keys = new ArrayList<>(List.of(others));
        keys.add(KEY);
        AT_THE_TOP.forEach(option -> keys.add(option.name()));
        return keys.toArray(String[]::new);
    }

    /**
     * The options on which all replicas of a deployment must agree, by the names in their files, with the values as
     * text. For compatibility they include those that may stand at the top, whatever the protocol.
     */
    public Map<String, String> terms(ProtocolType protocol) {
        Map<String, String> terms = new TreeMap<>();
        for (ProtocolOption<?> option : protocol.options()) {
            if (!AT_THE_TOP.contains(option)) {
                terms.put(KEY + "." + option.name(), text(option));
            }
        }
        AT_THE_TOP.forEach(option -> terms.put(option.name(), text(option)));
        return terms;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProtocolOptions it && it.replicas.equals(replicas) && it.set.equals(set);
    }

    @Override
    public int hashCode() {
        return Objects.hash(replicas, set);
    }

    @Override
    public String toString() {
        return set.toString();
    }
}
