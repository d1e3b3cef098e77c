package io.orrery.check;

import io.orrery.history.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Operations as a search needs them: numbers. A step that is not required (its outcome is unknown) may be left out. */
final class SearchSteps {
    static final byte READ = 0;
    static final byte WRITE = 1;
    static final byte CAS = 2;
    /** A cas that did not match: an observation of another value than the expected one. */
    static final byte MISMATCH = 3;

    final Op[] op;
    final byte[] kind;
    final int[] key;
    /** What a read saw or another operation writes; equal values of two keys have two numbers. */
    final int[] value;
    /** What a cas compares with. */
    final int[] expected;

    /** The number of the version that a step made or saw: of those of a key the higher is greater; -1 where none is known. */
    final int[] version;

    final boolean[] required;
    /** The value of each key at the start. */
    final int[] initial;

    final int values;
    /** Whether a value is there by one write (or from the start) only: once it is overwritten, nothing can find it. */
    final boolean[] once;

    /** The operations of an execution, all of which happened; each read names its write. */
    SearchSteps(Execution execution) {
        int n = execution.size();
        op = execution.op;
        key = execution.key;
        kind = new byte[n];
        value = new int[n];
        expected = new int[n];
        // Each read names its write, and the order of versions is for who searches to keep.
        version = new int[n];
        Arrays.fill(version, -1);
        required = new boolean[n];
        initial = new int[execution.keys];
        Arrays.setAll(initial, k -> n + k);
        for (int i = 0; i < n; i++) {
            int seen = execution.source[i];
            kind[i] = execution.isRead(i) ? READ : WRITE;
            value[i] = execution.isWrite(i) ? i : seen == ReadsFrom.INITIAL ? n + key[i] : seen;
            expected[i] = -1;
            required[i] = true;
        }
        values = n + execution.keys;
        once = new boolean[values];
        Arrays.fill(once, true);
    }

    /**
     * @param members the places in {@code reads} of the operations, by invocation
     * @param source for each operation of {@code reads} the write that it saw; null to go by values
     */
    SearchSteps(ReadsFrom reads, int[] members, int[] source) {
        int n = members.length;
        op = new Op[n];
        kind = new byte[n];
        key = new int[n];
        value = new int[n];
        expected = new int[n];
        version = new int[n];
        required = new boolean[n];
        boolean distinct = source != null;
        Map<Integer, Integer> keys = new HashMap<>();
        Map<Integer, Integer> numbers = new HashMap<>();
        List<Integer> start = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int from = members[i];
            op[i] = reads.ops.get(from);
            required[i] = op[i].isOk();
            kind[i] = op[i].isRead() ? READ : op[i].isWrite() ? WRITE : op[i].isMismatch() ? MISMATCH : CAS;
            key[i] = keys.computeIfAbsent(reads.key[from], k -> keys.size());
            int absent =
                    distinct ? -1 - key[i] : reads.keys.get(reads.key[from]).initialValue();
            if (key[i] == start.size()) {
                start.add(number(numbers, absent));
            }
            int named = distinct ? (kind[i] == READ ? source[from] : from) : reads.value[from];
            value[i] = number(numbers, distinct && named == ReadsFrom.INITIAL ? absent : named);
            expected[i] = op[i].isCas() ? number(numbers, reads.expected[from]) : -1;
        }
        numberVersions(reads, members);
        initial = start.stream().mapToInt(Integer::intValue).toArray();
        values = numbers.size();
        once = writtenOnce();
    }

    private void numberVersions(ReadsFrom reads, int[] members) {
        Arrays.fill(version, -1);
        Integer[] known = IntStream.range(0, size())
                .filter(i -> reads.recorded(members[i]) != null)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> key[i]).thenComparing(i -> reads.recorded(members[i])))
                .toArray(Integer[]::new);
        for (int v = 0; v < known.length; v++) {
            boolean same = v > 0
                    && key[known[v]] == key[known[v - 1]]
                    && reads.recorded(members[known[v]]).equals(reads.recorded(members[known[v - 1]]));
            version[known[v]] = v == 0 ? 0 : version[known[v - 1]] + (same ? 0 : 1);
        }
    }

    private boolean[] writtenOnce() {
        int[] writes = new int[values];
        for (int v : initial) {
            writes[v]++;
        }
        for (int i = 0; i < size(); i++) {
            writes[value[i]] += writes(i) ? 1 : 0;
        }
        boolean[] result = new boolean[values];
        for (int v = 0; v < values; v++) {
            result[v] = writes[v] == 1;
        }
        return result;
    }

    private static int number(Map<Integer, Integer> numbers, int value) {
        Integer known = numbers.get(value);
        if (known == null) {
            known = numbers.size();
            numbers.put(value, known);
        }
        return known;
    }

    int size() {
        return op.length;
    }

    boolean writes(int i) {
        return kind[i] == WRITE || kind[i] == CAS;
    }

    /** The value that the step has to find in order to fit: that of a read or the expected one of a cas; else -1. */
    int finds(int i) {
        return kind[i] == READ ? value[i] : kind[i] == CAS ? expected[i] : -1;
    }
}
