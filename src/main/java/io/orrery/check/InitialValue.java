package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What all keys seem to have held before their first write. */
public final class InitialValue {
    private InitialValue() {}

    /**
     * The one value that was read, or matched by a cas, before anybody began to write it. Empty where there is none, where
     * there are several, and where a key was seen absent before anybody deleted it.
     */
    public static Optional<Value> of(History history) {
        Map<Key, Map<Value, Integer>> written = new HashMap<>();
        for (Op op : history.ops()) {
            if (!op.isRead() && !op.isFailed()) {
                written.computeIfAbsent(op.key(), key -> new HashMap<>()).putIfAbsent(op.value(), op.invokedAt());
            }
        }
        Set<Value> unwritten = new HashSet<>();
        for (Op op : history.ops()) {
            if (op.isOk() && (op.isRead() || op.isCas() && !op.isMismatch())) {
                Value seen = op.isRead() ? op.value() : op.expected();
                int since = written.getOrDefault(op.key(), Map.of()).getOrDefault(seen, Integer.MAX_VALUE);
                if (since > op.completedAt()) {
                    unwritten.add(seen);
                }
            }
        }
        return unwritten.size() == 1 ? Optional.ofNullable(unwritten.iterator().next()) : Optional.empty();
    }
}
