package io.orrery.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Unique names: equal data have the same name, different data different names. The number 1 and the string "1" would
 * collide, so the second gets its type appended.
 *
 * @param <T> what has such a name
 */
final class UniqueNames<T> {
    /** The characters that replica names do not allow. */
    private static final String NOT_OF_A_NODE = "[^A-Za-z0-9._-]";

    private static final int LONGEST_OF_A_NODE = 64;

    private final Map<Datum, T> known = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Function<String, T> maker;

    /** @param maker makes the object of a name; rejects a name by an {@link IllegalArgumentException} */
    UniqueNames(Function<String, T> maker) {
        this.maker = maker;
    }

    T of(Datum datum) {
        T found = known.get(datum);
        if (found == null) {
            String name = datum.name();
            String free = name;
            for (int i = 1; taken.contains(free); i++) {
                free = name + " (" + datum.kind() + (i == 1 ? ")" : " " + i + ")");
            }
            found = take(datum, free);
        }
        return found;
    }

    /** As {@link #of}, with a name that is valid for a replica. */
    T ofNode(Datum datum) {
        T found = known.get(datum);
        if (found == null) {
            String name = datum.name().replaceAll(NOT_OF_A_NODE, "_");
            String free = name.isEmpty() ? "_" : shortened(name, "");
            for (int i = 2; taken.contains(free); i++) {
                free = shortened(name, "-" + i);
            }
            found = take(datum, free);
        }
        return found;
    }

    private static String shortened(String name, String end) {
        return name.substring(0, Math.min(name.length(), LONGEST_OF_A_NODE - end.length())) + end;
    }

    private T take(Datum datum, String name) {
        T made = maker.apply(name);
        taken.add(name);
        known.put(datum, made);
        return made;
    }
}
