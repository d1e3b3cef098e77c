package io.orrery.cli;

import io.orrery.config.NameSuggestion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Suggests the intended command for a misspelled name. */
final class CommandNames {
    /** Names of the same commands in other programs. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("set", "put"),
            Map.entry("write", "put"),
            Map.entry("read", "get"),
            Map.entry("del", "delete"),
            Map.entry("rm", "delete"),
            Map.entry("remove", "delete"),
            Map.entry("list", "data"),
            Map.entry("ls", "data"),
            Map.entry("kill", "crash"),
            Map.entry("start", "serve"),
            Map.entry("run", "sim"),
            Map.entry("play", "sim"),
            Map.entry("judge", "check"));

    private static final int SHORTEST_BEGINNING = 2;

    private CommandNames() {}

    /**
     * The command that other programs call so, one with a similar name, or the only one that begins with this name or
     * with which it begins.
     */
    static Optional<String> meant(String given, Collection<String> names) {
        Optional<String> elsewhere = Optional.ofNullable(ELSEWHERE.get(given)).filter(names::contains);
        return elsewhere.or(() -> NameSuggestion.nearest(given, names)).or(() -> begun(given, names));
    }

    private static Optional<String> begun(String given, Collection<String> names) {
        List<String> found = names.stream()
                .filter(name -> name.startsWith(given) || given.startsWith(name))
                .toList();
        return found.size() == 1 && given.length() >= SHORTEST_BEGINNING ? Optional.of(found.get(0)) : Optional.empty();
    }
}
