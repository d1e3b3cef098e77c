package io.orrery.check;

import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Minimises a set of operations that have no order by values (delta debugging, Zeller and Hildebrandt 2002), within a
 * budget of time.
 *
 * <p>The rest must be wrong in the whole history, too. Removing a read changes nothing for the others; but an
 * observation may have seen a removed write. So an observation stays only if it cannot have seen any removed write: it
 * had to come before that write, or a remaining write had to come between the two.
 */
final class OrderCore {
    private static final Duration LONGEST = Duration.ofSeconds(3);
    private static final long ANY = Long.MAX_VALUE;

    /** The order that a model preserves. */
    enum Order {
        /** An operation that ended before another began comes first. */
        TIME,
        /** The order of each process. */
        PROCESS;

        boolean puts(Op first, Op second) {
            return this == TIME
                    ? first.completedAt() < second.invokedAt()
                    : first.number() < second.number() && first.process().equals(second.process());
        }
    }

    /** What was written. */
    private record Content(Key key, Value value) {}

    private final List<Op> all;
    private final Order order;
    private final BudgetMeter budgetMeter;
    private final Map<Key, List<Op>> writesOfKey = new HashMap<>();
    private final Map<Content, List<Op>> writesOf = new HashMap<>();

    /** @param all operations without an order, by invocation; without failed ones and reads of unknown outcome */
    OrderCore(List<Op> all, Order order, BudgetMeter budgetMeter) {
        this.all = all;
        this.order = order;
        this.budgetMeter = budgetMeter.within(ANY, LONGEST);
        for (Op op : all) {
            if (writes(op)) {
                writesOfKey.computeIfAbsent(op.key(), key -> new ArrayList<>()).add(op);
                writesOf.computeIfAbsent(new Content(op.key(), op.value()), it -> new ArrayList<>())
                        .add(op);
            }
        }
    }

    static boolean writes(Op op) {
        return !op.isRead() && !op.isMismatch();
    }

    /** The value that an operation found; a mismatch found a different value. */
    static Value found(Op op) {
        return op.isRead() ? op.value() : op.expected();
    }

    static boolean observes(Op op) {
        return op.isRead() || op.isCas();
    }

    /**
     * @param violated whether operations have no order; its searches end when they are no longer worth while
     * @return operations that have none either, by invocation
     */
    List<Op> shrink(List<Op> start, Predicate<List<Op>> violated) {
        List<Op> begun = valid(start);
        List<Op> small = !begun.isEmpty() && violated.test(begun) ? begun : all;
        try {
            for (int chunk = Math.max(1, small.size() / 2); chunk > 0; chunk = chunk == 1 ? 0 : chunk / 2) {
                for (boolean again = true; again; ) {
                    again = false;
                    for (int end = small.size(); end > 0; end -= chunk) {
                        if (budgetMeter.isOver()) {
                            return small;
                        }
                        int to = Math.min(end, small.size());
                        int from = Math.max(0, end - chunk);
                        if (from >= to) {
                            continue;
                        }
                        List<Op> fewer = new ArrayList<>(small.subList(0, from));
                        fewer.addAll(small.subList(to, small.size()));
                        fewer = valid(fewer);
                        if (!fewer.isEmpty() && violated.test(fewer)) {
                            small = fewer;
                            again = chunk == 1;
                        }
                    }
                }
            }
        } catch (OutOfMemoryError e) {
            // The violation is known; the core may be larger than necessary.
            return small;
        }
        return small;
    }

    /** Without the observations that may have seen a write that is left out. */
    private List<Op> valid(List<Op> kept) {
        List<Op> now = kept;
        while (true) {
            Evidence evidence = new Evidence(now);
            List<Op> next = now.stream().filter(evidence::allows).toList();
            if (next.size() == now.size()) {
                return now;
            }
            // A removed cas is a removed write.
            now = next;
        }
    }

    /**
     * How many removed writes have a value that an operation in the core found: each was overwritten before, or came
     * later.
     */
    long leftOut(List<Op> core) {
        Set<Op> kept = new HashSet<>(core);
        return core.stream()
                .filter(OrderCore::observes)
                .flatMap(op -> candidates(op).stream())
                .distinct()
                .filter(write -> !kept.contains(write))
                .count();
    }

    /** The note about them. */
    static String note(long leftOut) {
        return leftOut == 0
                ? ""
                : " The same was written " + (leftOut == 1 ? "once more" : leftOut + " times more")
                        + ", but that had been overwritten before, or came later.";
    }

    private List<Op> candidates(Op observer) {
        return observer.isMismatch()
                ? writesOfKey.getOrDefault(observer.key(), List.of())
                : writesOf.getOrDefault(new Content(observer.key(), found(observer)), List.of());
    }

    /** What operations tell of the writes that are not among them. */
    private final class Evidence {
        private final Set<Op> kept;
        /** By key (and process where that is the order): by when they were over, the latest beginning of writes. */
        private final Map<Object, TreeMap<Integer, Integer>> overwritten = new HashMap<>();

        Evidence(List<Op> kept) {
            this.kept = new HashSet<>(kept);
            List<Op> writes = new ArrayList<>(
                    kept.stream().filter(op -> writes(op) && op.isOk()).toList());
            writes.sort((a, b) -> Integer.compare(end(a), end(b)));
            for (Op write : writes) {
                TreeMap<Integer, Integer> line = overwritten.computeIfAbsent(line(write), it -> new TreeMap<>());
                int before = line.isEmpty() ? -1 : line.lastEntry().getValue();
                line.put(end(write), Math.max(before, write.invokedAt()));
            }
        }

        private Object line(Op op) {
            return order == Order.TIME ? op.key() : Arrays.asList(op.key(), op.process());
        }

        private int end(Op op) {
            return order == Order.TIME ? op.completedAt() : op.invokedAt();
        }

        boolean allows(Op op) {
            if (!observes(op)) {
                return true;
            }
            TreeMap<Integer, Integer> line = overwritten.get(line(op));
            Map.Entry<Integer, Integer> before = line == null ? null : line.lowerEntry(op.invokedAt());
            int latest = before == null ? -1 : before.getValue();
            for (Op write : candidates(op)) {
                budgetMeter.step();
                boolean seen = !kept.contains(write)
                        && write != op
                        && !order.puts(op, write)
                        && !(end(write) < latest
                                && (order == Order.TIME || write.process().equals(op.process())));
                if (seen && !(op.isMismatch() && Objects.equals(write.value(), found(op)))) {
                    return false;
                }
            }
            return true;
        }
    }
}
