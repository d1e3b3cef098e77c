package io.orrery.check;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * What recorded versions say of an order of steps, as a search puts one step after another: those of a key go up, a read
 * finds the version that it saw, and a write without one has that which the first read of it saw.
 *
 * <p>The versions that the steps of a key have come one after another from the lowest, so the next one is known.
 */
final class VersionOrder {
    /** The present write has none that is known; a read may tell it. */
    private static final int OPEN = -1;
    /** There has been no write yet. */
    private static final int START = -2;

    private final SearchSteps searchSteps;
    private final boolean matter;
    /** For each key the versions that its steps made or saw, each once, from the lowest. */
    private final int[][] due;
    /** The versions that writes have recorded: no read can tell them of another write. */
    private final BitSet made = new BitSet();
    /** For each key how many of its due versions have come, and what is known of the present one. */
    private final int[] come;

    private final int[] now;
    /** What each step so far replaced. */
    private final int[] nowBefore;

    private int depth;

    VersionOrder(SearchSteps searchSteps) {
        this.searchSteps = searchSteps;
        matter = IntStream.of(searchSteps.version).anyMatch(v -> v >= 0);
        int keys = searchSteps.initial.length;
        due = matter ? due() : new int[keys][0];
        come = new int[keys];
        now = new int[keys];
        Arrays.fill(now, START);
        nowBefore = new int[matter ? searchSteps.size() : 0];
    }

    private int[][] due() {
        IntStream.Builder[] versions = new IntStream.Builder[searchSteps.initial.length];
        Arrays.setAll(versions, k -> IntStream.builder());
        for (int i = 0; i < searchSteps.size(); i++) {
            if (searchSteps.version[i] >= 0) {
                versions[searchSteps.key[i]].add(searchSteps.version[i]);
                if (searchSteps.writes(i)) {
                    made.set(searchSteps.version[i]);
                }
            }
        }
        return Arrays.stream(versions)
                .map(all -> all.build().sorted().distinct().toArray())
                .toArray(int[][]::new);
    }

    /** Whether any step has a version. */
    boolean matter() {
        return matter;
    }

    /** Whether what a read saw fits what is there, so that the read changes nothing. */
    boolean isThere(int read) {
        return searchSteps.version[read] < 0 || searchSteps.version[read] == now[searchSteps.key[read]];
    }

    /** Whether a read could be what tells the version of the present write. */
    boolean tells(int read) {
        int version = searchSteps.version[read];
        return version >= 0 && now[searchSteps.key[read]] == OPEN && !made.get(version) && isNext(read);
    }

    /** Whether a write can come now. */
    boolean allows(int write) {
        return searchSteps.version[write] < 0 || isNext(write);
    }

    private boolean isNext(int i) {
        int k = searchSteps.key[i];
        return come[k] < due[k].length && due[k][come[k]] == searchSteps.version[i];
    }

    /** What is known of the present version of the key of a step once that has come: for fingerprints. */
    int after(int i) {
        return !matter || searchSteps.version[i] < 0 && !searchSteps.writes(i)
                ? now[searchSteps.key[i]]
                : searchSteps.version[i] < 0 ? OPEN : searchSteps.version[i];
    }

    /** The same as it is now. */
    int now(int key) {
        return now[key];
    }

    void take(int i) {
        if (matter) {
            int k = searchSteps.key[i];
            nowBefore[depth++] = now[k];
            int after = after(i);
            if (after >= 0 && after != now[k]) {
                come[k]++;
            }
            now[k] = after;
        }
    }

    /** Takes back the last step. */
    void untake(int i) {
        if (matter) {
            int k = searchSteps.key[i];
            int before = nowBefore[--depth];
            if (now[k] >= 0 && now[k] != before) {
                come[k]--;
            }
            now[k] = before;
        }
    }
}
