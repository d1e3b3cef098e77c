package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The models straight from their definitions: all orders of a few operations are tried. Slow, and sharing nothing with the
 * checkers: no bad patterns, no vector clocks, no zones.
 */
final class Twins {
    private final List<Op> ops = new ArrayList<>();
    private final Map<Key, Boolean> versioned = new HashMap<>();
    private final Map<Op, Version> guessed = new HashMap<>();

    private final Value initial;

    Twins(History history, boolean versions, Value initial) {
        this.initial = initial;
        for (Op op : history.ops()) {
            if (!op.isFailed() && !(op.isRead() && op.isUnknown())) {
                ops.add(op);
            }
        }
        for (Op op : ops) {
            versioned.putIfAbsent(
                    op.key(), versions && ops.stream().anyMatch(o -> o.key().equals(op.key()) && o.version() != null));
        }
    }

    /** Whether the model holds for some versions, seen by reads, of the writes whose clients never learned theirs. */
    boolean withSomeVersions(Predicate<Twins> model) {
        List<Op> unlearned = ops.stream()
                .filter(op -> op.isWrite() && op.version() == null && versioned.get(op.key()))
                .toList();
        return guess(unlearned, model);
    }

    private boolean guess(List<Op> unlearned, Predicate<Twins> model) {
        if (unlearned.isEmpty()) {
            return model.test(this);
        }
        Op write = unlearned.get(0);
        List<Op> rest = unlearned.subList(1, unlearned.size());
        for (Op read : ops) {
            boolean mayTell = read.isRead() && read.key().equals(write.key()) && read.version() != null;
            if (mayTell && ops.stream().noneMatch(w -> w.isWrite() && sameVersion(w, read))) {
                guessed.put(write, read.version());
                if (guess(rest, model)) {
                    return true;
                }
                guessed.remove(write);
            }
        }
        return guess(rest, model);
    }

    private boolean sameVersion(Op write, Op read) {
        return write.key().equals(read.key()) && Objects.equals(version(write), read.version());
    }

    private Version version(Op op) {
        return guessed.getOrDefault(op, op.version());
    }

    /** Herlihy and Wing: one order, within the intervals, some of the unknown operations left out. */
    boolean linearizable() {
        return exists(ops, (a, b) -> a.completedAt() < b.invokedAt());
    }

    /** Lamport: one order that keeps that of each process. */
    boolean sequential() {
        return exists(ops, this::processOrder);
    }

    boolean processOrder(Op a, Op b) {
        return a.process().equals(b.process()) && a.number() < b.number();
    }

    private boolean exists(List<Op> all, BiPredicate<Op, Op> before) {
        return extend(new ArrayList<>(), new ArrayList<>(all), before, this::legal, op -> true);
    }

    /** Whether the order so far can be extended by all that is left (of what is unknown, by some). */
    private boolean extend(
            List<Op> order,
            List<Op> left,
            BiPredicate<Op, Op> before,
            BiPredicate<List<Op>, Op> fits,
            Predicate<Op> must) {
        if (left.stream().noneMatch(op -> op.isOk() && must.test(op))) {
            return true;
        }
        for (Op op : left) {
            boolean free = left.stream().noneMatch(other -> other != op && before.test(other, op));
            if (free && fits.test(order, op)) {
                List<Op> rest = new ArrayList<>(left);
                rest.remove(op);
                List<Op> longer = new ArrayList<>(order);
                longer.add(op);
                if (extend(longer, rest, before, fits, must)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A register: what an operation found is what the last write before it left; versions go up. */
    private boolean legal(List<Op> order, Op op) {
        Op last = null;
        for (Op earlier : order) {
            if (earlier.key().equals(op.key()) && !earlier.isRead() && !earlier.isMismatch()) {
                last = earlier;
            }
        }
        if (op.isRead()) {
            return saw(op, last);
        }
        Value now = last == null ? initial : last.value();
        if (op.isCas()) {
            return op.isMismatch() != Objects.equals(now, op.expected());
        }
        return !versioned.get(op.key())
                || version(op) == null
                || order.stream()
                        .filter(w -> w.key().equals(op.key()) && w.isWrite() && version(w) != null)
                        .allMatch(w -> version(w).compareTo(version(op)) < 0);
    }

    private boolean saw(Op read, Op write) {
        boolean sameValue = Objects.equals(write == null ? initial : write.value(), read.value());
        return sameValue
                && (!versioned.get(read.key())
                        || (write == null
                                ? read.version() == null
                                : read.version() != null && read.version().equals(version(write))));
    }

    /** Whether the model holds for some way to match the reads with writes that they may have seen. */
    boolean matched(Predicate<Twins> model) {
        return match(ops.stream().filter(Op::isRead).toList(), 0, model);
    }

    private boolean match(List<Op> reads, int next, Predicate<Twins> model) {
        if (next == reads.size()) {
            return model.test(this);
        }
        Op read = reads.get(next);
        List<Op> writes = new ArrayList<>(ops.stream()
                .filter(w -> w.isWrite() && w.key().equals(read.key()) && saw(read, w))
                .toList());
        if (saw(read, null) || writes.isEmpty()) {
            writes.add(null);
        }
        for (Op write : writes) {
            matches.put(read, write);
            if (match(reads, next + 1, model)) {
                return true;
            }
        }
        return false;
    }

    private final Map<Op, Op> matches = new HashMap<>();

    /** The write that a read is matched with; {@code null} for the initial value. */
    Op source(Op read) {
        if (matches.containsKey(read)) {
            return matches.get(read);
        }
        return ops.stream()
                .filter(w -> w.isWrite() && w.key().equals(read.key()) && saw(read, w))
                .findFirst()
                .orElse(null);
    }

    private boolean readsFromNowhere() {
        return ops.stream().anyMatch(op -> op.isRead() && source(op) == null && !saw(op, null));
    }

    /** What took effect: what is known, and what was read. */
    List<Op> effective() {
        return ops.stream()
                .filter(op -> op.isOk() || ops.stream().anyMatch(r -> r.isRead() && source(r) == op))
                .toList();
    }

    /** The least causal order: of each process, and from a write to the reads of it, transitively; null if cyclic. */
    private boolean[][] causal(List<Op> all, BiPredicate<Op, Op> seen) {
        int n = all.size();
        boolean[][] before = new boolean[n][n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                before[a][b] = processOrder(all.get(a), all.get(b)) || seen.test(all.get(a), all.get(b));
            }
        }
        for (int k = 0; k < n; k++) {
            for (int a = 0; a < n; a++) {
                for (int b = 0; b < n; b++) {
                    before[a][b] |= before[a][k] && before[k][b];
                }
            }
        }
        for (int a = 0; a < n; a++) {
            if (before[a][a]) {
                return null;
            }
        }
        return before;
    }

    private boolean isReadFrom(Op write, Op read) {
        return read.isRead() && source(read) == write;
    }

    /** CC: for each operation an order of its causal past in which it is legal (what others returned is hidden). */
    boolean causalConsistency() {
        return eachPast((past, o) -> op -> op == o);
    }

    /** CM: for each operation an order of its causal past in which all of its process up to it is legal. */
    boolean causalMemory() {
        return eachPast((past, o) -> op -> op.process().equals(o.process()));
    }

    private interface Visible {
        Predicate<Op> of(List<Op> past, Op o);
    }

    private boolean eachPast(Visible visible) {
        List<Op> all = effective();
        boolean[][] before = readsFromNowhere() ? null : causal(all, this::isReadFrom);
        if (before == null) {
            return false;
        }
        for (int o = 0; o < all.size(); o++) {
            List<Op> past = new ArrayList<>();
            for (int a = 0; a < all.size(); a++) {
                if (a == o || before[a][o]) {
                    past.add(all.get(a));
                }
            }
            Predicate<Op> shown = visible.of(past, all.get(o));
            if (!extend(
                    new ArrayList<>(),
                    past.stream().filter(op -> op.isWrite() || shown.test(op)).toList(),
                    (a, b) -> before[all.indexOf(a)][all.indexOf(b)],
                    (order, op) -> op.isWrite() || legal(order, op),
                    op -> true,
                    true)) {
                return false;
            }
        }
        return true;
    }

    private boolean extend(
            List<Op> order,
            List<Op> left,
            BiPredicate<Op, Op> before,
            BiPredicate<List<Op>, Op> fits,
            Predicate<Op> must,
            boolean allOfThem) {
        if (left.isEmpty()) {
            return true;
        }
        for (Op op : left) {
            boolean free = left.stream().noneMatch(other -> other != op && before.test(other, op));
            if (free && fits.test(order, op)) {
                List<Op> rest = new ArrayList<>(left);
                rest.remove(op);
                List<Op> longer = new ArrayList<>(order);
                longer.add(op);
                if (extend(longer, rest, before, fits, must, allOfThem)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** CCv: one order of all writes, containing the causal one, whose last write in each read's past is what it saw. */
    boolean causalConvergence() {
        List<Op> all = effective();
        boolean[][] before = readsFromNowhere() ? null : causal(all, this::isReadFrom);
        if (before == null) {
            return false;
        }
        List<Op> writes = all.stream().filter(Op::isWrite).toList();
        return orders(
                writes,
                (a, b) -> before[all.indexOf(a)][all.indexOf(b)],
                order -> all.stream().filter(Op::isRead).allMatch(read -> {
                    List<Op> past = order.stream()
                            .filter(w -> before[all.indexOf(w)][all.indexOf(read)])
                            .toList();
                    return legal(past, read);
                }));
    }

    /** PRAM: for each process one order of all writes and its own reads that keeps the order of each process. */
    boolean pram() {
        if (readsFromNowhere()) {
            return false;
        }
        List<Op> all = effective();
        for (String process : all.stream().map(Op::process).distinct().toList()) {
            List<Op> view = all.stream()
                    .filter(op -> op.isWrite() || op.process().equals(process))
                    .toList();
            if (!extend(
                    new ArrayList<>(),
                    view,
                    this::processOrder,
                    (order, op) -> op.isWrite() || legal(order, op),
                    op -> true,
                    true)) {
                return false;
            }
        }
        return true;
    }

    /** Whether some order of the writes (by version, where there are versions) passes the test. */
    boolean orders(List<Op> writes, BiPredicate<Op, Op> before, Predicate<List<Op>> test) {
        return orders(new ArrayList<>(), writes, before, test);
    }

    private boolean orders(List<Op> order, List<Op> left, BiPredicate<Op, Op> before, Predicate<List<Op>> test) {
        if (left.isEmpty()) {
            return test.test(order);
        }
        for (Op op : left) {
            boolean free =
                    left.stream().noneMatch(other -> other != op && (before.test(other, op) || byVersion(other, op)));
            if (free) {
                List<Op> rest = new ArrayList<>(left);
                rest.remove(op);
                List<Op> longer = new ArrayList<>(order);
                longer.add(op);
                if (orders(longer, rest, before, test)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean byVersion(Op a, Op b) {
        return versioned.get(a.key())
                && a.key().equals(b.key())
                && version(a) != null
                && version(b) != null
                && version(a).compareTo(version(b)) < 0;
    }

    /** A session guarantee. */
    boolean session(Model model) {
        return !readsFromNowhere() && new SessionTwin(this, model).holds(versioned);
    }
}
