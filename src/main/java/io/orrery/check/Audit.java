package io.orrery.check;

import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what clients recorded with what all replicas hold in the end. */
public final class Audit {
    private Audit() {}

    /**
     * The acknowledged writes and deletes that are neither there nor superseded.
     *
     * @return in words: the operation, and what there is instead
     */
    public static List<String> lost(History history, Map<Key, Convergence.Content> contents) {
        Map<Key, List<Op>> deletes = new HashMap<>();
        history.ops().stream()
                .filter(op -> op.f() == Event.Function.DELETE && !op.isFailed())
                .forEach(op -> deletes.computeIfAbsent(op.key(), key -> new ArrayList<>())
                        .add(op));
        List<String> lost = new ArrayList<>();
        for (Op op : history.ops()) {
            if (op.isWrite() && op.isOk()) {
                Convergence.Content held = contents.get(op.key());
                if (held == null ? isLost(op, deletes.getOrDefault(op.key(), List.of())) : isLost(op, held)) {
                    lost.add(op + ", and in the end there is "
                            + (held == null ? "nothing" : held.value() + " at version " + held.version()));
                }
            }
        }
        return lost;
    }

    /** The key is absent: the write is lost unless a delete may have followed it. */
    private static boolean isLost(Op op, List<Op> deletes) {
        return op.f() != Event.Function.DELETE
                && deletes.stream()
                        .noneMatch(delete -> op.version() == null
                                || delete.version() == null
                                || delete.version().compareTo(op.version()) > 0);
    }

    /** A write that was only accepted has no version yet; what is there may have followed it. */
    private static boolean isLost(Op op, Convergence.Content held) {
        if (op.version() == null) {
            return false;
        }
        int newer = held.version().compareTo(op.version());
        return newer < 0 || newer == 0 && !canonical(held).equals(op.value());
    }

    /** The canonical form, as in histories. */
    private static Value canonical(Convergence.Content held) {
        return held.value() == null ? null : held.value().canonical();
    }

    /** Values that replicas hold and nobody wrote, in words. */
    public static List<String> invented(History history, Map<Key, Convergence.Content> contents) {
        Map<Key, Set<Value>> written = new HashMap<>();
        history.ops().stream()
                .filter(op -> op.f() == Event.Function.WRITE && !op.isFailed())
                .forEach(op -> written.computeIfAbsent(op.key(), key -> new HashSet<>())
                        .add(op.value()));
        List<String> invented = new ArrayList<>();
        contents.forEach((key, held) -> {
            if (!written.getOrDefault(key, Set.of()).contains(canonical(held))) {
                invented.add(key + " = " + held.value() + " at version " + held.version());
            }
        });
        return invented;
    }
}
