package io.orrery.explore.coverage;

import io.orrery.loop.Mixer;
import java.util.HashMap;
import java.util.Map;

/** The names of inputs and branches, each once, with its hash. For one thread. */
public final class Names {
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Long> hashes = new HashMap<>();

    String of(String text) {
        String known = names.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    long hash(String name) {
        return hashes.computeIfAbsent(name, Mixer::of);
    }
}
