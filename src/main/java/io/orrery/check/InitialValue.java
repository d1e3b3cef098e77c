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
     * The one value that was read, or matched by a cas, before anybody began to write it, by operations that began before any
     * write to their key had ended. Empty where there is none, and where there are several, of which absence is one.
     */
    public static Optional<Value> of(History history) {
        Map<Key, Map<Value, Integer>> written = new HashMap<>();
        Map<Key, Integer> firstEnd = new HashMap<>();
        for (Op op : history.ops()) {
            if (!op.isRead() && !op.isFailed() && !op.isMismatch()) {
                written.computeIfAbsent(op.key(), key -> new HashMap<>()).putIfAbsent(op.value(), op.invokedAt());
                firstEnd.merge(op.key(), op.completedAt(), Math::min);
            }
        }
        Set<Value> unwritten = new HashSet<>();
        for (Op op : history.ops()) {
            if (op.isOk() && (op.isRead() || op.isCas() && !op.isMismatch())) {
                Value seen = op.isRead() ? op.value() : op.expected();
                int since = written.getOrDefault(op.key(), Map.of()).getOrDefault(seen, Integer.MAX_VALUE);
                boolean isEarly = op.invokedAt() < firstEnd.getOrDefault(op.key(), Op.NEVER);
                if (isEarly && since > op.completedAt()) {
                    unwritten.add(seen);
                }
            }
        }
        return unwritten.size() == 1 ? Optional.ofNullable(unwritten.iterator().next()) : Optional.empty();
    }
}
