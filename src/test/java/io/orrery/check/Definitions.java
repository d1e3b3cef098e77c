package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The models straight from the definitions in the papers: every order of a few operations is tried, and every way in which
 * reads may have seen writes. Slow, and sharing nothing with the checkers: no bad patterns, no clocks, no zones.
 *
 * <p>Of versions it is taken that each write that took effect has one, recorded or not; that no two writes to a key have
 * the same; that a read with a version saw the write of it; and that, where a model has one order of the writes to a key
 * for all, it is that of their versions.
 */
final class Definitions {
    private static final int START = -1;

    private final List<Op> ops = new ArrayList<>();
    private final Value initial;
    private final int n;
    private final int[] process;
    private final int[] key;
    /** What was recorded, and what a read is taken to tell of the write that it saw. */
    private final Version[] recorded;

    private final Version[] version;
    /** For each read the write that it is taken to have seen. */
    private final int[] source;

    Definitions(History history, CheckOptions checkOptions) {
        history.ops().stream()
                .filter(op -> !op.isFailed() && !(op.isRead() && op.isUnknown()))
                .forEach(ops::add);
        initial = checkOptions.initial();
        n = ops.size();
        List<String> processes = ops.stream().map(Op::process).distinct().toList();
        List<Key> keys = ops.stream().map(Op::key).distinct().toList();
        process = ops.stream().mapToInt(op -> processes.indexOf(op.process())).toArray();
        key = ops.stream().mapToInt(op -> keys.indexOf(op.key())).toArray();
        recorded = ops.stream()
                .map(op ->
                        checkOptions.versions() && op.isOk() ? op.completion().version() : null)
                .toArray(Version[]::new);
        version = new Version[n];
        source = new int[n];
    }

    /**
     * {@code holds}, {@code violated}, or {@code undecided} where a session guarantee holds unless a session's own writes to
     * a key came in its order, and only some operations on the key have a version.
     */
    String verdict(Model model) {
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < a; b++) {
                boolean same = key[a] == key[b] && recorded[a] != null && recorded[a].equals(recorded[b]);
                if (same && writes(a) && writes(b)) {
                    return "violated";
                }
            }
        }
        boolean holds = switch (model) {
            case LINEARIZABLE -> oneOrder((a, b) -> op(a).completedAt() < op(b).invokedAt());
            case SEQUENTIAL -> oneOrder(this::issuedBefore);
            case CAUSAL_CC -> matched(() -> causal((past, read) -> read == past));
            case CAUSAL_CM -> matched(() -> causal((past, read) -> process[read] == process[past]));
            case CAUSAL_CCV -> matched(this::convergence);
            case PRAM -> matched(this::pram);
            default -> matched(() -> session(model, k -> true));
        };
        if (holds) {
            return "holds";
        }
        boolean session = model.ordinal() >= Model.READ_YOUR_WRITES.ordinal();
        return session && matched(() -> session(model, k -> !carriesVersions(k))) ? "undecided" : "violated";
    }

    private interface Before {
        boolean test(int a, int b);
    }

    private Op op(int i) {
        return ops.get(i);
    }

    /** Whether it changes a register: a delete writes absence. */
    private boolean writes(int i) {
        return !op(i).isRead() && !op(i).isMismatch();
    }

    private boolean issuedBefore(int a, int b) {
        return process[a] == process[b] && a < b;
    }

    private boolean carriesVersions(int k) {
        return IntStream.range(0, n).anyMatch(i -> key[i] == k && recorded[i] != null);
    }

    private Value valueOf(int write) {
        return write == START ? initial : op(write).value();
    }

    // ---- linearizable (Herlihy and Wing 1990), sequential (Lamport 1979): one order of all operations

    private boolean oneOrder(Before before) {
        System.arraycopy(recorded, 0, version, 0, n);
        return place(0, new int[n], before);
    }

    /** Whether an order of some operations can go on to all that are known to have happened. */
    private boolean place(int done, int[] last, Before before) {
        boolean ended = true;
        for (int i = 0; i < n; i++) {
            ended &= (done >> i & 1) == 1 || op(i).isUnknown();
        }
        if (ended) {
            return true;
        }
        for (int i = 0; i < n; i++) {
            if ((done >> i & 1) == 1 || !isFree(i, done, before)) {
                continue;
            }
            int k = key[i];
            int now = last[k] - 1;
            Version told = now == START || writes(i) ? null : version[now];
            if (fits(i, now, done)) {
                if (writes(i)) {
                    last[k] = i + 1;
                }
                if (place(done | 1 << i, last, before)) {
                    return true;
                }
            }
            last[k] = now + 1;
            if (now != START && !writes(i)) {
                version[now] = told;
            }
        }
        return false;
    }

    private boolean isFree(int i, int done, Before before) {
        for (int j = 0; j < n; j++) {
            if ((done >> j & 1) == 0 && j != i && op(j).isOk() && before.test(j, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(int i, int now, int done) {
        Op op = op(i);
        if (op.isCas() && op.isMismatch() == Objects.equals(valueOf(now), op.expected())) {
            return false;
        }
        if (op.isRead() && !Objects.equals(valueOf(now), op.value())) {
            return false;
        }
        if (recorded[i] == null) {
            return true;
        }
        if (writes(i)) {
            return isAboveAll(recorded[i], i, done);
        }
        if (now == START || version[now] != null) {
            return now != START && version[now].equals(recorded[i]);
        }
        version[now] = recorded[i];
        return isAboveAll(recorded[i], now, done);
    }

    private boolean isAboveAll(Version v, int write, int done) {
        for (int j = 0; j < n; j++) {
            boolean placed = (done >> j & 1) == 1 && writes(j) && key[j] == key[write] && j != write;
            if (placed && version[j] != null && version[j].compareTo(v) >= 0) {
                return false;
            }
        }
        return true;
    }

    // ---- which write each read saw

    private boolean matched(BooleanSupplier model) {
        System.arraycopy(recorded, 0, version, 0, n);
        return match(0, model);
    }

    private boolean match(int read, BooleanSupplier model) {
        if (read == n) {
            return model.getAsBoolean();
        }
        if (!op(read).isRead()) {
            source[read] = START;
            return match(read + 1, model);
        }
        Version seen = recorded[read];
        if (seen == null && Objects.equals(initial, op(read).value())) {
            source[read] = START;
            if (match(read + 1, model)) {
                return true;
            }
        }
        for (int w = 0; w < n; w++) {
            boolean sameValue = writes(w) && key[w] == key[read] && Objects.equals(valueOf(w), op(read).value());
            if (!sameValue || seen != null && version[w] != null && !version[w].equals(seen)) {
                continue;
            }
            Version before = version[w];
            if (seen == null || before != null || isNobodys(seen, key[w])) {
                version[w] = seen == null ? before : seen;
                source[read] = w;
                boolean found = match(read + 1, model);
                version[w] = before;
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isNobodys(Version seen, int k) {
        return IntStream.range(0, n).noneMatch(w -> writes(w) && key[w] == k && seen.equals(version[w]));
    }

    /** What took effect: what is known to have, and what was read. */
    private int[] effective(IntPredicate which) {
        return IntStream.range(0, n)
                .filter(i -> op(i).isOk() || IntStream.range(0, n).anyMatch(r -> op(r).isRead() && source[r] == i))
                .filter(which)
                .toArray();
    }

    // ---- the causal models (Bouajjani et al. 2017), PRAM (Lipton and Sandberg 1988)

    /** The causal order: of each process, and from a write to the reads of it, and over several steps; null if cyclic. */
    private boolean[][] causalOrder() {
        boolean[][] before = new boolean[n][n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                before[a][b] = issuedBefore(a, b) || op(b).isRead() && source[b] == a;
            }
        }
        for (int k = 0; k < n; k++) {
            for (int a = 0; a < n; a++) {
                for (int b = 0; b < n; b++) {
                    before[a][b] |= before[a][k] && before[k][b];
                }
            }
        }
        return IntStream.range(0, n).anyMatch(i -> before[i][i]) ? null : before;
    }

    private interface Shown {
        /** Whether, in what is causally before an operation, it counts what a read returned. */
        boolean test(int operation, int read);
    }

    private boolean causal(Shown shown) {
        boolean[][] before = causalOrder();
        if (before == null) {
            return false;
        }
        for (int o : effective(i -> true)) {
            int[] past = effective(i -> (i == o || before[i][o]) && (writes(i) || shown.test(o, i)));
            if (!explained(past, (a, b) -> before[a][b])) {
                return false;
            }
        }
        return true;
    }

    private boolean pram() {
        for (int p : Arrays.stream(process).distinct().toArray()) {
            if (!explained(effective(i -> writes(i) || process[i] == p), this::issuedBefore)) {
                return false;
            }
        }
        return true;
    }

    /** Whether some order of these that keeps the given one has before each read the write that it saw. */
    private boolean explained(int[] all, Before before) {
        return ordered(all, before, order -> {
            int[] last = new int[n];
            Arrays.fill(last, START);
            for (int i : order) {
                if (writes(i)) {
                    last[key[i]] = i;
                } else if (last[key[i]] != source[i]) {
                    return false;
                }
            }
            return true;
        });
    }

    private boolean convergence() {
        boolean[][] before = causalOrder();
        return before != null
                && ordered(effective(this::writes), (a, b) -> before[a][b] || byVersion(a, b), order -> {
                    for (int read = 0; read < n; read++) {
                        int last = START;
                        for (int w : order) {
                            last = op(read).isRead() && key[w] == key[read] && before[w][read] ? w : last;
                        }
                        if (op(read).isRead() && last != source[read]) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private boolean byVersion(int a, int b) {
        return key[a] == key[b] && version[a] != null && version[b] != null && version[a].compareTo(version[b]) < 0;
    }

    /** Whether some order of these that keeps the given one passes; beginnings that fail are not gone on with. */
    private boolean ordered(int[] all, Before before, Predicate<int[]> test) {
        return extend(new int[0], all, before, test);
    }

    private boolean extend(int[] order, int[] left, Before before, Predicate<int[]> test) {
        if (left.length == 0) {
            return test.test(order);
        }
        for (int i : left) {
            if (Arrays.stream(left).noneMatch(j -> j != i && before.test(j, i))) {
                int[] longer = Arrays.copyOf(order, order.length + 1);
                longer[order.length] = i;
                if (extend(longer, Arrays.stream(left).filter(j -> j != i).toArray(), before, test)) {
                    return true;
                }
            }
        }
        return false;
    }

    // ---- the session guarantees (Terry et al. 1994)

    /**
     * Whether the writes to each key have an order, WriteOrder(W1,W2) in the paper, in which no read returns something
     * older than a write that the guarantee puts into DB(S,t), the database of the server at the time of the read.
     *
     * @param inOrder the keys to which a session's own writes are taken to come in the order of the session, unless their
     *     versions tell that they do not
     */
    private boolean session(Model model, IntPredicate inOrder) {
        for (int k : Arrays.stream(key).distinct().toArray()) {
            Before own = (a, b) -> issuedBefore(a, b)
                    && (model == Model.MONOTONIC_WRITES || inOrder.test(k) && !isOutOfOrder(process[a], k));
            Before follows = (a, b) -> model == Model.WRITES_FOLLOW_READS && readBefore(a, b);
            boolean possible = ordered(
                    effective(i -> writes(i) && key[i] == k),
                    (a, b) -> own.test(a, b) || follows.test(a, b) || byVersion(a, b),
                    order -> {
                        for (int read : effective(i -> op(i).isRead() && key[i] == k)) {
                            int place = indexOf(order, source[read]);
                            for (int w : mustHave(model, read)) {
                                if (indexOf(order, w) > place) {
                                    return false;
                                }
                            }
                        }
                        return true;
                    });
            // An order may contradict itself: then none of the writes in the circle is free, and nothing is possible.
            if (!possible) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(int[] order, int write) {
        return IntStream.range(0, order.length)
                .filter(i -> order[i] == write)
                .findFirst()
                .orElse(-1);
    }

    private boolean isOutOfOrder(int p, int k) {
        int[] own = effective(i -> writes(i) && process[i] == p && key[i] == k && version[i] != null);
        return IntStream.range(1, own.length).anyMatch(i -> version[own[i - 1]].compareTo(version[own[i]]) > 0);
    }

    /** Whether the session of a write had read another one before it: W1 is in RelevantWrites(S1,t1,R1). */
    private boolean readBefore(int w1, int w2) {
        return writes(w2)
                && IntStream.range(0, n).anyMatch(r -> op(r).isRead() && source[r] == w1 && issuedBefore(r, w2));
    }

    private int[] mustHave(Model model, int read) {
        int k = key[read];
        return switch (model) {
            case READ_YOUR_WRITES -> effective(w -> writes(w) && key[w] == k && issuedBefore(w, read));
            case MONOTONIC_READS ->
                effective(w -> writes(w)
                        && key[w] == k
                        && IntStream.range(0, read).anyMatch(r -> source[r] == w && issuedBefore(r, read)));
            default -> {
                Before needs = model == Model.MONOTONIC_WRITES
                        ? (w1, w2) -> writes(w1) && writes(w2) && issuedBefore(w1, w2)
                        : this::readBefore;
                yield byOthers(database(read, needs), needs, k);
            }
        };
    }

    /** DB(S,t) as far as it is known: what the session has seen there, and what the guarantee says comes with that. */
    private boolean[] database(int read, Before needs) {
        boolean[] has = new boolean[n];
        for (int r = 0; r <= read; r++) {
            boolean there = r == read
                    || op(r).isRead()
                            && issuedBefore(r, read)
                            && op(r).node() != null
                            && op(r).node().equals(op(read).node());
            if (there && source[r] != START) {
                has[source[r]] = true;
            }
        }
        for (int round = 0; round < n; round++) {
            for (int w1 = 0; w1 < n; w1++) {
                for (int w2 = 0; w2 < n; w2++) {
                    has[w1] |= has[w2] && needs.test(w1, w2);
                }
            }
        }
        return has;
    }

    /**
     * Of DB(S,t) what the guarantee itself says: W1 where W2 is there, too, and W2 after it. That a server keeps what it
     * has is no part of it.
     */
    private int[] byOthers(boolean[] has, Before needs, int k) {
        boolean[] must = new boolean[n];
        for (int w1 = 0; w1 < n; w1++) {
            for (int w2 = 0; w2 < n; w2++) {
                if (has[w2] && key[w1] == k && needs.test(w1, w2)) {
                    must[w1] = true;
                    must[w2] |= key[w2] == k;
                }
            }
        }
        return IntStream.range(0, n).filter(w -> must[w]).toArray();
    }
}
