package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which write each read saw: the reads-from relation, also called writes-into order (Ahamad et al. 1995).
 *
 * <p>A recorded version names the write. Without one the value does, if it was written once. The write of a version that
 * no write is known to have made is one whose client never learned the version, and is found by its value. No two writes
 * to a key make one version.
 *
 * <p>It holds what may have taken effect: failed operations and reads without an answer are left out.
 */
final class ReadsFrom {
    /** The read saw the value from before the first write. */
    static final int INITIAL = -1;
    /** The read saw one of several writes, and what was recorded does not tell which. */
    static final int AMBIGUOUS = -2;
    /** The read saw what nobody wrote. */
    static final int THIN_AIR = -3;
    /** It is no read. */
    static final int NONE = -4;

    final List<Op> ops;
    /** The id of the key of each operation, from 0 by first use. */
    final int[] key;
    /** The id of the value that each operation read or wrote (a cas: its new value); other keys have other ids. */
    final int[] value;
    /** The id of the value that a cas compares with; else -1. */
    final int[] expected;
    /** For each read the place of the write in {@link #ops}, or one of the constants above. */
    final int[] source;

    final List<KeyFacts> keys;

    private final CheckOptions checkOptions;
    private final Version[] version;
    /** The writes whose versions {@link #match} has told, by key and version. */
    private final Map<List<Object>, Integer> told;

    private int[] writesFrom;
    private int[] writes;
    private int[] latestCompletion;
    private int valueCount;
    private int[] sharedVersion;

    /** What is known of one key. */
    static final class KeyFacts {
        private final Map<Value, Integer> valueIds = new HashMap<>();
        private final Map<Version, Integer> writeOf = new HashMap<>();
        private int initial;
        boolean hasCas;
        /** Whether any operation on the key has a version that counts. */
        boolean carriesVersions;

        int initialValue() {
            return initial;
        }
    }

    private ReadsFrom(List<Op> ops, CheckOptions checkOptions) {
        this.ops = ops;
        this.checkOptions = checkOptions;
        keys = new ArrayList<>();
        int n = ops.size();
        key = new int[n];
        value = new int[n];
        expected = new int[n];
        source = new int[n];
        version = new Version[n];
        told = new HashMap<>();
    }

    /** A copy whose sources and deduced versions are its own, with what follows from them. */
    private ReadsFrom(ReadsFrom other) {
        ops = other.ops;
        checkOptions = other.checkOptions;
        keys = other.keys;
        key = other.key;
        value = other.value;
        expected = other.expected;
        source = other.source.clone();
        version = other.version.clone();
        told = new HashMap<>(other.told);
        writesFrom = other.writesFrom;
        writes = other.writes;
        valueCount = other.valueCount;
        sharedVersion = other.sharedVersion;
    }

    /** Finds the write of each read of the history. */
    static ReadsFrom of(History history, CheckOptions checkOptions) {
        return of(history.ops(), checkOptions);
    }

    /** @param history operations of a history, by invocation */
    static ReadsFrom of(List<Op> history, CheckOptions checkOptions) {
        List<Op> ops = new ArrayList<>(history.size());
        for (Op op : history) {
            if (!op.isFailed() && !(op.isRead() && op.isUnknown())) {
                ops.add(op);
            }
        }
        ReadsFrom result = new ReadsFrom(ops, checkOptions);
        result.number();
        result.groupWritesByValue();
        result.resolve();
        return result;
    }

    /** The operations on each key of which an ambiguous read asks, by themselves. */
    List<ReadsFrom> ofAmbiguousKeys() {
        Map<Integer, List<Op>> byKey = new LinkedHashMap<>();
        for (int read : ambiguousReads()) {
            byKey.putIfAbsent(key[read], new ArrayList<>());
        }
        for (int i = 0; i < ops.size(); i++) {
            List<Op> ofKey = byKey.get(key[i]);
            if (ofKey != null) {
                ofKey.add(ops.get(i));
            }
        }
        return byKey.values().stream().map(ofKey -> of(ofKey, checkOptions)).toList();
    }

    /** The operations on all keys of which no ambiguous read asks. */
    ReadsFrom ofOtherKeys() {
        Set<Integer> ambiguous = new HashSet<>();
        for (int read : ambiguousReads()) {
            ambiguous.add(key[read]);
        }
        List<Op> others = IntStream.range(0, ops.size())
                .filter(i -> !ambiguous.contains(key[i]))
                .mapToObj(ops::get)
                .toList();
        return of(others, checkOptions);
    }

    /** Gives numbers to keys and values, and files the writes by version. */
    private void number() {
        Map<Key, Integer> keyIds = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            Op op = ops.get(i);
            Integer known = keyIds.get(op.key());
            if (known == null) {
                known = keys.size();
                keyIds.put(op.key(), known);
                KeyFacts added = new KeyFacts();
                keys.add(added);
                added.initial = valueId(added, checkOptions.initial());
            }
            key[i] = known;
            KeyFacts facts = keys.get(known);
            value[i] = valueId(facts, op.value());
            expected[i] = op.isCas() ? valueId(facts, op.expected()) : -1;
            facts.hasCas |= op.isCas();
            Version recorded = recorded(i);
            facts.carriesVersions |= recorded != null;
            if (recorded != null && writesSomething(i)) {
                version[i] = recorded;
                Integer other = facts.writeOf.putIfAbsent(recorded, i);
                if (other != null && sharedVersion == null) {
                    sharedVersion = new int[] {other, i};
                }
            }
        }
    }

    private int valueId(KeyFacts facts, Value content) {
        Integer id = facts.valueIds.get(content);
        if (id == null) {
            id = valueCount++;
            facts.valueIds.put(content, id);
        }
        return id;
    }

    /** The version that an operation was told, where versions count; else null. */
    Version recorded(int i) {
        return checkOptions.versions() ? ops.get(i).version() : null;
    }

    private boolean writesSomething(int i) {
        return !ops.get(i).isRead() && !ops.get(i).isMismatch();
    }

    private void groupWritesByValue() {
        writesFrom = new int[valueCount + 1];
        for (int i = 0; i < ops.size(); i++) {
            if (writesSomething(i)) {
                writesFrom[value[i] + 1]++;
            }
        }
        for (int v = 0; v < valueCount; v++) {
            writesFrom[v + 1] += writesFrom[v];
        }
        int[] next = Arrays.copyOf(writesFrom, valueCount);
        writes = new int[writesFrom[valueCount]];
        for (int i = 0; i < ops.size(); i++) {
            if (writesSomething(i)) {
                writes[next[value[i]]++] = i;
            }
        }
    }

    private void resolve() {
        for (int i = 0; i < ops.size(); i++) {
            source[i] = ops.get(i).isRead() ? sourceOf(i) : NONE;
        }
    }

    private int sourceOf(int read) {
        KeyFacts facts = keys.get(key[read]);
        Version seen = recorded(read);
        Integer write = seen == null ? null : facts.writeOf.get(seen);
        if (write != null) {
            return value[write] == value[read] ? write : THIN_AIR;
        }
        int found = seen == null && value[read] == facts.initial ? INITIAL : THIN_AIR;
        for (int w = writesFrom[value[read]]; w < writesFrom[value[read] + 1]; w++) {
            if (mayHaveSeen(read, writes[w])) {
                if (found != THIN_AIR) {
                    return AMBIGUOUS;
                }
                found = writes[w];
            }
        }
        if (seen != null && found >= 0 && version[found] == null) {
            // The write's client never learned its version; this reader did.
            version[found] = seen;
            facts.writeOf.put(seen, found);
        }
        return found;
    }

    /** The writes (or {@link #INITIAL}) that a read may have seen, as far as its value and its version tell. */
    int[] candidates(int read) {
        IntStream.Builder found = IntStream.builder();
        if (value[read] == keys.get(key[read]).initial && mayBeInitial(read)) {
            found.add(INITIAL);
        }
        for (int w = writesFrom[value[read]]; w < writesFrom[value[read] + 1]; w++) {
            if (mayHaveSeen(read, writes[w])) {
                found.add(writes[w]);
            }
        }
        return found.build().toArray();
    }

    /** The same, for somebody who says what some reads saw. */
    ReadsFrom copy() {
        return new ReadsFrom(this);
    }

    /**
     * Matches some reads with writes.
     *
     * @return this with those sources, or null where a write would have two versions, or a version two writes
     */
    ReadsFrom matching(int[] read, int[] write) {
        ReadsFrom matched = copy();
        return matched.match(read, write) ? matched : null;
    }

    /**
     * Matches some reads with writes, for good.
     *
     * @return false where a write would have two versions, or a version two writes: then no such match is possible
     */
    boolean match(int[] read, int[] write) {
        for (int i = 0; i < read.length; i++) {
            source[read[i]] = write[i];
            Version seen = write[i] < 0 ? null : recorded(read[i]);
            if (seen != null) {
                Integer known = keys.get(key[read[i]]).writeOf.get(seen);
                Integer other = known != null ? known : told.putIfAbsent(List.of(key[read[i]], seen), write[i]);
                boolean another = other != null && other != write[i];
                if (another || version[write[i]] != null && !version[write[i]].equals(seen)) {
                    return false;
                }
                version[write[i]] = seen;
            }
        }
        return true;
    }

    /** Whether a read may have seen the start, on a key whose operations carry versions. */
    boolean mayHaveSeenTheStart(int read) {
        KeyFacts facts = keys.get(key[read]);
        return facts.carriesVersions && value[read] == facts.initial && mayBeInitial(read);
    }

    /** The places of all operations. */
    int[] all() {
        return IntStream.range(0, ops.size()).toArray();
    }

    /** The first two writes to one key that are said to have made one version; null where there are none. */
    int[] sharedVersion() {
        return sharedVersion;
    }

    /** The recorded or deduced version of a write; null where none is known. */
    Version version(int write) {
        return version[write];
    }

    /** The first read by which the version of a write is known; there must be one. */
    int teller(int write) {
        return IntStream.range(0, source.length)
                .filter(i -> source[i] == write && recorded(i) != null)
                .findFirst()
                .orElseThrow();
    }

    /** Where the writes of a value begin in {@link #write}, by invocation; they end where those of the next begin. */
    int firstWrite(int valueId) {
        return writesFrom[valueId];
    }

    /** The place in {@link #ops} of one of the writes that {@link #firstWrite} points into. */
    int write(int index) {
        return writes[index];
    }

    /** The latest completion among the writes of a value up to the one at this index of {@link #write}. */
    int latestCompletion(int index) {
        if (latestCompletion == null) {
            latestCompletion = new int[writes.length];
            for (int v = 0; v < valueCount; v++) {
                int latest = -1;
                for (int w = writesFrom[v]; w < writesFrom[v + 1]; w++) {
                    latest = Math.max(latest, ops.get(writes[w]).completedAt());
                    latestCompletion[w] = latest;
                }
            }
        }
        return latestCompletion[index];
    }

    /** Whether what was recorded of versions allows that the read saw this write of its value. */
    boolean mayHaveSeen(int read, int write) {
        Version seen = recorded(read);
        return seen == null || version[write] == null || version[write].equals(seen);
    }

    /** Whether what was recorded of versions allows that the read saw the initial value. */
    boolean mayBeInitial(int read) {
        return recorded(read) == null;
    }

    /** The reads of values that nobody wrote. */
    int[] thinAirReads() {
        return readsOf(THIN_AIR);
    }

    /** The reads of which nobody can tell which write they saw. */
    int[] ambiguousReads() {
        return readsOf(AMBIGUOUS);
    }

    private int[] readsOf(int what) {
        return IntStream.range(0, source.length).filter(i -> source[i] == what).toArray();
    }

    /** Whether versions count as part of what was seen. */
    boolean countsVersions() {
        return checkOptions.versions();
    }
}
