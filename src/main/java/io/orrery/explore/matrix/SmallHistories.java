package io.orrery.explore.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * All histories of a few operations that can be the smallest of their kind, up to names: of processes, keys and values. Each
 * written value is written once; a read returns what some write of its key wrote, or nothing.
 *
 * <p>In what order operations of different processes happened in real time is not told: all may have overlapped.
 *
 * <p>Left out is what has an operation that says nothing, as the history without it satisfies and violates the same models:
 * <ul>
 *   <li>operations on a key that nobody writes, or that nobody reads;
 *   <li>a read of nothing before which its process did nothing: it may come before all else;
 *   <li>a write that nobody reads and after which its process did nothing: it may come after all else.
 * </ul>
 */
final class SmallHistories {
    /** A write is as good as any other write of its key: its place is its value. */
    static final int WRITE = -2;

    static final int NOTHING = -1;

    /**
     * A history: the operations of the first process, then those of the second, and so on.
     *
     * @param lengths how many operations each process has, the most first
     * @param keys the key of each operation
     * @param values {@link #WRITE}; or, of a read, the place of the write that it sees, or {@link #NOTHING}
     */
    record Small(int[] lengths, int[] keys, int[] values) {
        int size() {
            return keys.length;
        }

        boolean isWrite(int at) {
            return values[at] == WRITE;
        }
    }

    private final int size;
    private final int[] keys;
    private final int[] values;
    private final Consumer<Small> each;
    private int[] lengths;
    /** Where each process begins. */
    private int[] starts;
    /** The process of each operation. */
    private int[] processes;
    /** How many operations of each key are writes, and reads. */
    private final int[] written;

    private final int[] read;
    private List<int[]> arrangements;

    private SmallHistories(int size, Consumer<Small> each) {
        this.size = size;
        this.keys = new int[size];
        this.values = new int[size];
        this.written = new int[size];
        this.read = new int[size];
        this.each = each;
    }

    /** Passes on all of this size. The arrays are new each time. */
    static void ofSize(int size, Consumer<Small> each) {
        SmallHistories all = new SmallHistories(size, each);
        all.split(new ArrayList<>(), size, size);
    }

    /** Splits the operations among processes. */
    private void split(List<Integer> parts, int left, int most) {
        if (left == 0) {
            lengths = parts.stream().mapToInt(Integer::intValue).toArray();
            starts = new int[lengths.length];
            processes = new int[size];
            for (int process = 0, at = 0; process < lengths.length; process++) {
                starts[process] = at;
                Arrays.fill(processes, at, at + lengths[process], process);
                at += lengths[process];
            }
            chooseWrites(0);
            return;
        }
        for (int part = Math.min(left, most); part >= 1; part--) {
            parts.add(part);
            split(parts, left - part, part);
            parts.remove(parts.size() - 1);
        }
    }

    /** Which operations are writes. Processes of one length stand in an order of their writes. */
    private void chooseWrites(int at) {
        boolean isProcessOver = at == size || at == starts[processes[at]];
        if (at > 0 && isProcessOver && !isInOrder(processes[at - 1])) {
            return;
        }
        if (at == size) {
            arrangements = arrangements();
            chooseKey(0, 0);
            return;
        }
        values[at] = WRITE;
        chooseWrites(at + 1);
        values[at] = NOTHING;
        chooseWrites(at + 1);
    }

    private boolean isInOrder(int process) {
        return process == 0 || lengths[process - 1] != lengths[process] || compareWrites(process - 1, process) <= 0;
    }

    /** Of two processes of one length that comes first which writes first. */
    private int compareWrites(int one, int other) {
        for (int i = 0; i < lengths[one]; i++) {
            int order = Integer.compare(values[starts[one] + i], values[starts[other] + i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Keys are numbered by their first use. */
    private void chooseKey(int at, int used) {
        if (at == size) {
            for (int key = 0; key < used; key++) {
                if (written[key] == 0 || read[key] == 0) {
                    return;
                }
            }
            chooseRead(0);
            return;
        }
        int[] counts = values[at] == WRITE ? written : read;
        for (int key = 0; key <= used && key < size; key++) {
            keys[at] = key;
            counts[key]++;
            chooseKey(at + 1, Math.max(used, key + 1));
            counts[key]--;
        }
    }

    private void chooseRead(int at) {
        if (at == size) {
            if (allLastWritesAreRead() && isFirstOfItsLikes()) {
                each.accept(new Small(lengths.clone(), keys.clone(), values.clone()));
            }
            return;
        }
        if (values[at] == WRITE) {
            chooseRead(at + 1);
            return;
        }
        for (int write = 0; write < size; write++) {
            if (values[write] == WRITE && keys[write] == keys[at]) {
                values[at] = write;
                chooseRead(at + 1);
            }
        }
        values[at] = NOTHING;
        if (at > starts[processes[at]]) {
            chooseRead(at + 1);
        }
    }

    private boolean allLastWritesAreRead() {
        for (int process = 0; process < lengths.length; process++) {
            int last = starts[process] + lengths[process] - 1;
            if (values[last] == WRITE && Arrays.stream(values).noneMatch(value -> value == last)) {
                return false;
            }
        }
        return true;
    }

    /** All orders in which processes of equal length and equal writes can stand, as the old place of each new one. */
    private List<int[]> arrangements() {
        List<int[]> orders = new ArrayList<>();
        permute(new ArrayList<>(), orders);
        List<int[]> places = new ArrayList<>();
        for (int[] order : orders) {
            int[] place = new int[size];
            int at = 0;
            for (int process : order) {
                for (int i = 0; i < lengths[process]; i++) {
                    place[at++] = starts[process] + i;
                }
            }
            places.add(place);
        }
        return places;
    }

    private void permute(List<Integer> begun, List<int[]> orders) {
        int next = begun.size();
        if (next == lengths.length) {
            orders.add(begun.stream().mapToInt(Integer::intValue).toArray());
            return;
        }
        for (int process = 0; process < lengths.length; process++) {
            if (lengths[process] == lengths[next] && compareWrites(process, next) == 0 && !begun.contains(process)) {
                begun.add(process);
                permute(begun, orders);
                begun.remove(next);
            }
        }
    }

    /** Whether no other order of its processes comes first. */
    private boolean isFirstOfItsLikes() {
        if (arrangements.size() == 1) {
            return true;
        }
        int[] own = code(arrangements.get(0));
        for (int i = 1; i < arrangements.size(); i++) {
            if (Arrays.compare(code(arrangements.get(i)), own) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The history in this order, with keys and values renamed by their first use. */
    private int[] code(int[] places) {
        int[] code = new int[2 * size];
        int[] names = new int[size];
        Arrays.fill(names, -1);
        int[] newPlace = new int[size];
        for (int i = 0; i < size; i++) {
            newPlace[places[i]] = i;
        }
        int used = 0;
        for (int i = 0; i < size; i++) {
            int key = keys[places[i]];
            if (names[key] < 0) {
                names[key] = used++;
            }
            int value = values[places[i]];
            code[2 * i] = names[key];
            code[2 * i + 1] = value >= 0 ? newPlace[value] : value;
        }
        return code;
    }
}
