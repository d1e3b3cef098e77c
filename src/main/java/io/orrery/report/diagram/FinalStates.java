package io.orrery.report.diagram;

import io.orrery.report.diagram.Diagram.KeyState;
import io.orrery.report.diagram.Diagram.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the running replicas hold at the end, if they differ. */
final class FinalStates {
    /** Beyond this many different states, all further ones share the last letter. */
    private static final int LETTERS = 26;

    private final List<Diagram.Wait> waits;

    /** The final contents of each running replica, by lane. */
    private final SortedMap<Integer, SortedMap<String, KeyState>> stores = new TreeMap<>();

    private FinalStates(List<Diagram.Lane> lanes, List<Diagram.Moment> moments, List<Diagram.Wait> waits) {
        this.waits = waits;
        for (int lane = 0; lane < lanes.size(); lane++) {
            if (lanes.get(lane).isReplica()) {
                stores.put(lane, new TreeMap<>());
            }
        }
        moments.forEach(this::happen);
    }

    /** For each running replica: what it holds of the keys on which replicas differ, or what it buffers. */
    static List<Diagram.Ending> of(List<Diagram.Lane> lanes, List<Diagram.Moment> moments, List<Diagram.Wait> waits) {
        FinalStates finalStates = new FinalStates(lanes, moments, waits);
        Map<Integer, String> words = finalStates.held();
        return lettered(words.isEmpty() ? finalStates.heldBack() : words);
    }

    private void happen(Diagram.Moment moment) {
        if (moment.kind() == Kind.STARTED) {
            stores.put(moment.lane(), new TreeMap<>());
        } else if (moment.kind() == Kind.STOPPED) {
            stores.remove(moment.lane());
        }
        for (KeyState held : moment.holds()) {
            stores.get(moment.lane()).put(held.key(), held);
        }
    }

    private Map<Integer, String> held() {
        TreeSet<String> keys = new TreeSet<>();
        stores.values().forEach(store -> keys.addAll(store.keySet()));
        for (String key : keys) {
            Map<Integer, String> words = new TreeMap<>();
            stores.forEach((lane, store) -> words.put(lane, words(key, store.get(key))));
            if (words.values().stream().distinct().count() > 1) {
                return words;
            }
        }
        return Map.of();
    }

    private static String words(String key, KeyState held) {
        return held == null || held.value().isEmpty()
                ? "no " + key
                : key + " = " + OperationText.shortened(held.value().get()) + " at " + held.version();
    }

    private Map<Integer, String> heldBack() {
        Map<Integer, String> words = new TreeMap<>();
        waits.stream()
                .filter(it -> it.ended().isEmpty() && stores.containsKey(it.lane()))
                .forEach(it -> words.putIfAbsent(it.lane(), "holds back " + it.update()));
        return words;
    }

    private static List<Diagram.Ending> lettered(Map<Integer, String> words) {
        Map<String, String> letters = new LinkedHashMap<>();
        List<Diagram.Ending> endings = new ArrayList<>();
        words.forEach((lane, text) -> {
            char next = (char) ('a' + Math.min(LETTERS - 1, letters.size()));
            String letter = letters.computeIfAbsent(text, it -> String.valueOf(next));
            endings.add(new Diagram.Ending(lane, letter, text));
        });
        return endings;
    }
}
