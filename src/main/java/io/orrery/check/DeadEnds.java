package io.orrery.check;

import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Explains why a few operations have no order: where each possible prefix of an order ends. */
final class DeadEnds {
    private static final int TOLD = 3;
    private static final int STATES = 10_000;

    private final List<Op> ops;
    private final OrderCore.Order order;
    /** Whether any operation has a version that counts. */
    private final boolean versions;

    private final Map<Key, Value> now = new TreeMap<>((a, b) -> a.name().compareTo(b.name()));
    private final List<Op> taken = new ArrayList<>();
    private final Set<Object> seen = new HashSet<>();
    private final Set<String> ends = new LinkedHashSet<>();

    private DeadEnds(List<Op> ops, OrderCore.Order order, CheckOptions checkOptions) {
        this.ops = ops;
        this.order = order;
        versions = checkOptions.versions() && ops.stream().anyMatch(op -> op.version() != null);
        ops.forEach(op -> now.put(op.key(), checkOptions.initial()));
    }

    /** @param ops operations that have no order */
    static String words(List<Op> ops, OrderCore.Order order, CheckOptions checkOptions) {
        DeadEnds all = new DeadEnds(ops, order, checkOptions);
        all.visit();
        List<String> told = all.ends.stream().limit(TOLD).toList();
        int others = all.ends.size() - told.size();
        String which = all.versions ? " in which versions only go up" : "";
        return "No order of these operations fits" + which + ". " + String.join(" ", told)
                + (others == 0 ? "" : " So it ends in all other orders that begin well, too.");
    }

    private void visit() {
        if (seen.size() > STATES || !seen.add(List.of(new HashSet<>(taken), state()))) {
            return;
        }
        List<Op> next = ops.stream().filter(this::isNext).toList();
        List<Op> fit = next.stream().filter(this::fits).toList();
        // An observation that fits changes nothing, so it can be placed now.
        List<Op> looks = fit.stream()
                .filter(op -> !OrderCore.writes(op) && !tellsVersion(op))
                .limit(1)
                .toList();
        for (Op op : looks.isEmpty() ? fit : looks) {
            Value before = now.get(op.key());
            taken.add(op);
            if (OrderCore.writes(op)) {
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
        boolean found = Objects.equals(now.get(op.key()), OrderCore.found(op));
        return (op.isMismatch() ? !found : op.isWrite() || found) && fitsVersion(op);
    }

    private boolean fitsVersion(Op op) {
        if (!versions || op.version() == null) {
            return true;
        }
        if (OrderCore.writes(op)) {
            return isNextVersion(op);
        }
        return op.version().equals(version(op.key())) || tellsVersion(op) && isNextVersion(op);
    }

    /** Whether an operation tells a version of the present write, which has not told any. */
    private boolean tellsVersion(Op op) {
        return versions
                && op.version() != null
                && !OrderCore.writes(op)
                && version(op.key()) == null
                && taken.stream().anyMatch(write -> isWriteOf(op.key(), write))
                && ops.stream()
                        .noneMatch(w -> isWriteOf(op.key(), w) && op.version().equals(w.version()));
    }

    private boolean isNextVersion(Op op) {
        return ops.stream()
                .filter(other -> other != op && other.key().equals(op.key()) && other.version() != null)
                .allMatch(other -> taken.contains(other)
                        ? other.version().compareTo(op.version()) < 0
                        : other.version().compareTo(op.version()) >= 0);
    }

    private static boolean isWriteOf(Key key, Op op) {
        return OrderCore.writes(op) && op.key().equals(key);
    }

    /** What is known of the version of what a key holds; else null. */
    private Version version(Key key) {
        for (int i = taken.size() - 1; versions && i >= 0; i--) {
            Op op = taken.get(i);
            if (op.key().equals(key) && (OrderCore.writes(op) || op.version() != null)) {
                return op.version();
            }
        }
        return null;
    }

    private String state() {
        return now.keySet().stream().map(this::state).toList().toString();
    }

    private String state(Key key) {
        Version version = version(key);
        return key + " is " + (now.get(key) == null ? "absent" : now.get(key).json())
                + (version == null ? "" : " at version " + version);
    }

    private String end(List<Op> stuck) {
        String where = taken.isEmpty()
                ? "At the start "
                : "After " + taken.stream().map(DeadEnds::quoted).collect(Collectors.joining(", ")) + " ";
        List<String> keys =
                stuck.stream().map(Op::key).distinct().map(this::state).toList();
        String which = stuck.size() == 1 ? "only " : "only one of ";
        return where + String.join(" and ", keys) + ", and " + which
                + stuck.stream().map(DeadEnds::quoted).collect(Collectors.joining(", ")) + " can come next, which "
                + (stuck.size() == 1 ? "does not fit." : "do not fit.");
    }

    private static String quoted(Op op) {
        return "\"" + op.words() + "\"";
    }
}
