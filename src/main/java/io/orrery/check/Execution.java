package io.orrery.check;

import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The reads and writes that took effect, as numbers, with the write that each read saw. Operations are numbered by
 * invocation. A write of unknown outcome took effect if it was read; otherwise it can be left out, because it is the
 * last of its process and nothing depends on it.
 */
final class Execution {
    final Op[] op;
    final int[] process;
    /** The place of each operation in its process, from 0. */
    final int[] seq;

    final int[] key;
    /** The write that a read saw, {@link ReadsFrom#INITIAL}, or for a write {@link ReadsFrom#NONE}. */
    final int[] source;
    /** The place of a write among all whose versions are known, by version: the higher of one key came later. Else -1. */
    final int[] rank;
    /** The replica that was asked, as a number; -1 where none was recorded. */
    final int[] node;

    /** Whether any operation on a key carries a version that counts. */
    final boolean[] carriesVersions;

    final int keys;
    /** The operations of each process in its order. */
    final int[][] timeline;

    private Execution(
            Op[] op,
            int[] process,
            int[] key,
            int[] source,
            int[] rank,
            int[] node,
            int processes,
            boolean[] carriesVersions) {
        this.op = op;
        this.process = process;
        this.key = key;
        this.source = source;
        this.rank = rank;
        this.node = node;
        this.carriesVersions = carriesVersions;
        keys = carriesVersions.length;
        this.seq = new int[op.length];
        int[] length = new int[processes];
        for (int i = 0; i < op.length; i++) {
            seq[i] = length[process[i]]++;
        }
        timeline = new int[processes][];
        for (int p = 0; p < processes; p++) {
            timeline[p] = new int[length[p]];
        }
        for (int i = 0; i < op.length; i++) {
            timeline[process[i]][seq[i]] = i;
        }
    }

    /**
     * What took effect. There must be no cas and no read from thin air, and for all but {@link #withoutAmbiguous} no
     * ambiguous read.
     */
    static Execution of(ReadsFrom reads) {
        int n = reads.ops.size();
        boolean[] took = new boolean[n];
        for (int i = 0; i < n; i++) {
            took[i] |= reads.ops.get(i).isOk();
            if (reads.source[i] >= 0) {
                took[reads.source[i]] = true;
            }
        }
        int[] place = places(took);
        int size = place[n];
        Op[] op = new Op[size];
        int[] process = new int[size];
        int[] key = new int[size];
        int[] source = new int[size];
        int[] rank = new int[size];
        int[] node = new int[size];
        Map<Object, Integer> processes = new HashMap<>();
        Map<Object, Integer> nodes = new HashMap<>();
        for (int i = 0; i < n; i++) {
            if (took[i]) {
                int to = place[i];
                op[to] = reads.ops.get(i);
                process[to] = processes.computeIfAbsent(op[to].process(), name -> processes.size());
                node[to] = op[to].node() == null ? -1 : nodes.computeIfAbsent(op[to].node(), name -> nodes.size());
                key[to] = reads.key[i];
                source[to] = reads.source[i] >= 0 ? place[reads.source[i]] : reads.source[i];
            }
        }
        Arrays.fill(rank, -1);
        rankByVersion(reads, took, place, rank);
        boolean[] carries = new boolean[reads.keys.size()];
        for (int k = 0; k < carries.length; k++) {
            carries[k] = reads.keys.get(k).carriesVersions;
        }
        return new Execution(op, process, key, source, rank, node, processes.size(), carries);
    }

    /** What took effect, without ambiguous reads: a violation in it is one however these reads are matched. */
    static Execution withoutAmbiguous(ReadsFrom reads) {
        Execution all = of(reads);
        boolean[] kept = new boolean[all.size()];
        for (int i = 0; i < all.size(); i++) {
            kept[i] = all.source[i] != ReadsFrom.AMBIGUOUS;
        }
        return all.keep(kept);
    }

    private static void rankByVersion(ReadsFrom reads, boolean[] took, int[] place, int[] rank) {
        List<Integer> versioned = new ArrayList<>();
        for (int i = 0; i < took.length; i++) {
            if (took[i] && reads.ops.get(i).isWrite() && reads.version(i) != null) {
                versioned.add(i);
            }
        }
        versioned.sort(Comparator.comparing(reads::version));
        for (int i = 0; i < versioned.size(); i++) {
            rank[place[versioned.get(i)]] = i;
        }
    }

    /** For each of them its place among those that are kept, and at the end how many are. */
    private static int[] places(boolean[] kept) {
        int[] place = new int[kept.length + 1];
        for (int i = 0; i < kept.length; i++) {
            place[i + 1] = place[i] + (kept[i] ? 1 : 0);
        }
        return place;
    }

    /**
     * The same without some operations. A read is removed with the write that it saw. A write of unknown outcome is
     * removed with the last read that saw it; it loses its version with the last read that told it.
     */
    Execution keep(boolean[] kept) {
        boolean[] told = new boolean[kept.length];
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] && source[i] >= 0 && tells(i)) {
                told[source[i]] = true;
            }
        }
        boolean[] stays = kept.clone();
        for (int i = 0; i < stays.length; i++) {
            int write = source[i] >= 0 ? source[i] : i;
            stays[i] &= kept[write] && (!op[write].isUnknown() || told[write]);
        }
        int[] place = places(stays);
        int[] from = new int[place[stays.length]];
        for (int i = 0; i < stays.length; i++) {
            if (stays[i]) {
                from[place[i]] = i;
            }
        }
        Op[] ops = new Op[from.length];
        int[] sources = new int[from.length];
        int[] ranks = pick(rank, from);
        for (int i = 0; i < from.length; i++) {
            ops[i] = op[from[i]];
            int s = source[from[i]];
            sources[i] = s >= 0 ? place[s] : s;
            if (isTold(from[i]) && !told[from[i]]) {
                ranks[i] = -1;
            }
        }
        return new Execution(
                ops,
                pick(process, from),
                pick(key, from),
                sources,
                ranks,
                pick(node, from),
                timeline.length,
                carriesVersions);
    }

    private static int[] pick(int[] values, int[] from) {
        int[] picked = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            picked[i] = values[from[i]];
        }
        return picked;
    }

    /** Whether a read tells of the write that it saw what counts: that it took effect, and its version if that orders it. */
    private boolean tells(int read) {
        return rank[source[read]] < 0 || op[read].version() != null;
    }

    /** Whether only reads tell of an operation: that it took effect, or its version. */
    private boolean isTold(int i) {
        return op[i].isUnknown() || rank[i] >= 0 && op[i].version() == null;
    }

    /**
     * The first read that saw a write of unknown outcome, or of a version that its client never learned; otherwise -1.
     */
    int teller(int write) {
        return !isTold(write)
                ? -1
                : IntStream.range(0, size())
                        .filter(i -> source[i] == write && tells(i))
                        .findFirst()
                        .orElse(-1);
    }

    int size() {
        return op.length;
    }

    boolean isRead(int i) {
        return source[i] != ReadsFrom.NONE;
    }

    boolean isWrite(int i) {
        return source[i] == ReadsFrom.NONE;
    }

    /** The writes that versions order, by key and then by version. */
    int[] byVersion() {
        return IntStream.range(0, size())
                .filter(i -> rank[i] >= 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> key[i]).thenComparingInt(i -> rank[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    List<Op> ops() {
        return List.of(op);
    }
}
