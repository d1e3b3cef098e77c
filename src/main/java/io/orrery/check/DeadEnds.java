package io.orrery.check;

import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says why a few operations have no order: where each order that begins well ends. */
final class DeadEnds {
    private static final int TOLD = 3;
    private static final int STATES = 10_000;

    private final List<Op> ops;
    private final Core.Order order;
    private final Value initial;
    private final Map<Key, Value> now = new TreeMap<>((a, b) -> a.name().compareTo(b.name()));
    private final List<Op> taken = new ArrayList<>();
    private final Set<Object> seen = new HashSet<>();
    private final Set<String> ends = new LinkedHashSet<>();

    private DeadEnds(List<Op> ops, Core.Order order, Value initial) {
        this.ops = ops;
        this.order = order;
        this.initial = initial;
        ops.forEach(op -> now.put(op.key(), initial));
    }

    /** @param ops operations that have no order */
    static String words(List<Op> ops, Core.Order order, Value initial) {
        DeadEnds all = new DeadEnds(ops, order, initial);
        all.visit();
        List<String> told = all.ends.stream().limit(TOLD).toList();
        int others = all.ends.size() - told.size();
        return "No order of these operations fits. " + String.join(" ", told)
                + (others == 0 ? "" : " So it ends in all other orders that begin well, too.");
    }

    private void visit() {
        if (seen.size() > STATES || !seen.add(List.of(new HashSet<>(taken), now.toString()))) {
            return;
        }
        List<Op> next = ops.stream().filter(this::isNext).toList();
        List<Op> fit = next.stream().filter(this::fits).toList();
        // What only looks and fits changes nothing: it may as well come now.
        List<Op> looks = fit.stream().filter(op -> !Core.writes(op)).limit(1).toList();
        for (Op op : looks.isEmpty() ? fit : looks) {
            Value before = now.get(op.key());
            taken.add(op);
            if (Core.writes(op)) {
                now.put(op.key(), op.value());
            }
            visit();
            now.put(op.key(), before);
            taken.remove(taken.size() - 1);
        }
        if (fit.stream().noneMatch(Op::isOk)) {
            ends.add(end(next.stream().filter(op -> !fit.contains(op)).toList()));
        }
    }

    private boolean isNext(Op op) {
        return !taken.contains(op)
                && ops.stream().noneMatch(other -> other != op && !taken.contains(other) && order.puts(other, op));
    }

    private boolean fits(Op op) {
        boolean found = Objects.equals(now.get(op.key()), Core.found(op));
        return op.isMismatch() ? !found : op.isWrite() || found;
    }

    private String end(List<Op> stuck) {
        String where = taken.isEmpty()
                ? "At the start "
                : "After " + taken.stream().map(DeadEnds::quoted).collect(Collectors.joining(", ")) + " ";
        List<String> keys = stuck.stream()
                .map(Op::key)
                .distinct()
                .map(key -> key + " is "
                        + (now.get(key) == null ? "absent" : now.get(key).json()))
                .toList();
        String which = stuck.size() == 1 ? "only " : "only one of ";
        return where + String.join(" and ", keys) + ", and " + which
                + stuck.stream().map(DeadEnds::quoted).collect(Collectors.joining(", ")) + " can come next, which "
                + (stuck.size() == 1 ? "does not fit." : "do not fit.");
    }

    private static String quoted(Op op) {
        return "\"" + op.words() + "\"";
    }
}
