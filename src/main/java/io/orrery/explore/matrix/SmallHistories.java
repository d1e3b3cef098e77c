package io.orrery.explore.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * All histories of a few operations, up to names: of processes, keys and values. Each written value is written once; a read
 * returns what some write of its key wrote, or nothing. A read of a key that nobody writes says nothing, and is left out.
 *
 * <p>In what order operations of different processes happened in real time is not told: all may have overlapped.
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
    }

    private final int size;
    private final int[] keys;
    private final int[] values;
    private final Consumer<Small> each;
    private int[] lengths;
    private List<int[]> arrangements;

    private SmallHistories(int size, Consumer<Small> each) {
        this.size = size;
        this.keys = new int[size];
        this.values = new int[size];
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
            arrangements = arrangements();
            chooseKey(0, 0);
            return;
        }
        for (int part = Math.min(left, most); part >= 1; part--) {
            parts.add(part);
            split(parts, left - part, part);
            parts.remove(parts.size() - 1);
        }
    }

    /** Keys are numbered by their first use. */
    private void chooseKey(int at, int used) {
        if (at == size) {
            chooseValue(0);
            return;
        }
        for (int key = 0; key <= used; key++) {
            keys[at] = key;
            chooseKey(at + 1, Math.max(used, key + 1));
        }
    }

    /** First which operations are writes, then what the others read. */
    private void chooseValue(int at) {
        if (at == size) {
            chooseRead(0);
            return;
        }
        values[at] = WRITE;
        chooseValue(at + 1);
        values[at] = NOTHING;
        chooseValue(at + 1);
    }

    private void chooseRead(int at) {
        if (at == size) {
            if (isFirstOfItsLikes()) {
                each.accept(new Small(lengths.clone(), keys.clone(), values.clone()));
            }
            return;
        }
        if (values[at] == WRITE) {
            chooseRead(at + 1);
            return;
        }
        boolean isWritten = false;
        for (int write = 0; write < size; write++) {
            if (values[write] == WRITE && keys[write] == keys[at]) {
                isWritten = true;
                values[at] = write;
                chooseRead(at + 1);
            }
        }
        values[at] = NOTHING;
        if (isWritten) {
            chooseRead(at + 1);
        }
    }

    /** All orders in which processes of equal length can stand, as the old place of each new one. */
    private List<int[]> arrangements() {
        List<int[]> orders = new ArrayList<>();
        permute(new ArrayList<>(), orders);
        int[] starts = new int[lengths.length];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + lengths[i - 1];
        }
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
            if (lengths[process] == lengths[next] && !begun.contains(process)) {
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
