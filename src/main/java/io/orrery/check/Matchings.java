package io.orrery.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Judges a history with ambiguous reads by trying every matching of reads with writes. The history satisfies the model
 * if it does so for one matching. Reads are matched one after another, or all that saw the same version at once; where
 * those that are matched so far violate the model, no way to match the others is tried.
 */
final class Matchings {
    private final ReadsFrom reads;
    private final int operations;
    /** Reads that saw the same write, whichever it is. */
    private final List<int[]> groups;
    /** For each group the writes that it may have seen, the most likely first. */
    private final List<int[]> candidates;

    /**
     * @param open the ambiguous reads that count
     * @param operations how many operations are judged in each try
     */
    Matchings(ReadsFrom reads, int[] open, int operations) {
        this.reads = reads;
        this.operations = operations;
        groups = groups(open);
        candidates = groups.stream().map(group -> candidates(group[0])).toList();
    }

    private List<int[]> groups(int[] open) {
        Map<Object, List<Integer>> byName = new HashMap<>();
        List<List<Integer>> found = new ArrayList<>();
        for (int read : open) {
            Object version = reads.recorded(read);
            Object name = version == null ? read : List.of(reads.value[read], version);
            byName.computeIfAbsent(name, it -> {
                        List<Integer> group = new ArrayList<>();
                        found.add(group);
                        return group;
                    })
                    .add(read);
        }
        // What is wrong on a key shows when its reads are matched.
        found.sort(Comparator.comparingInt((List<Integer> group) -> reads.key[group.get(0)])
                .thenComparing(group -> !reads.mayHaveSeenTheStart(group.get(0))));
        return found.stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    /**
     * The last write that began before the read ended comes first; but the start, on a key whose operations carry versions:
     * what has been written there mostly has a version to tell.
     */
    private int[] candidates(int read) {
        int[] found = reads.candidates(read);
        if (reads.mayHaveSeenTheStart(read)) {
            return found;
        }
        int end = reads.ops.get(read).completedAt();
        int[] sorted = new int[found.length];
        int size = 0;
        for (int c = found.length - 1; c >= 0; c--) {
            if (invokedAt(found[c]) < end) {
                sorted[size++] = found[c];
            }
        }
        for (int candidate : found) {
            if (invokedAt(candidate) > end) {
                sorted[size++] = candidate;
            }
        }
        return sorted;
    }

    private int invokedAt(int write) {
        return write < 0 ? -1 : reads.ops.get(write).invokedAt();
    }

    /**
     * Tries every way. Where the history does not tell what the verdict on one depends on, others are tried.
     *
     * @param some what is wrong where some reads are still ambiguous, however those are matched; or null
     * @param all what is wrong where no read is, or null
     * @param budgetMeter counts a state for each operation of each try
     * @return what is wrong in the first of the ways; null where one is right
     * @throws BudgetMeter.Spent where none is right and one is not clear, or where a budget is spent
     */
    Supplier<Witness> violation(
            Function<ReadsFrom, Supplier<Witness>> some,
            Function<ReadsFrom, Supplier<Witness>> all,
            BudgetMeter budgetMeter) {
        Supplier<Witness> first = null;
        BudgetMeter.Spent unclear = null;
        int[] choice = new int[groups.size()];
        int last = groups.size() - 1;
        if (isRightAsIsLikely(all, budgetMeter)) {
            return null;
        }
        int depth = 0;
        while (depth >= 0) {
            if (choice[depth] == candidates.get(depth).length) {
                choice[depth--] = 0;
                if (depth >= 0) {
                    choice[depth]++;
                }
                continue;
            }
            budgetMeter.states(operations);
            boolean whole = depth == last;
            ReadsFrom matched = match(choice, depth);
            boolean goesOn = matched != null && !whole;
            if (matched != null) {
                try {
                    Supplier<Witness> found = (whole ? all : some).apply(matched);
                    if (whole && found == null) {
                        return null;
                    }
                    goesOn &= found == null;
                    first = first == null ? found : first;
                } catch (BudgetMeter.Spent e) {
                    if (e.cause() != Verdict.Cause.SCOPE) {
                        throw e;
                    }
                    unclear = whole ? e : unclear;
                }
            }
            if (goesOn) {
                depth++;
            } else {
                choice[depth]++;
            }
        }
        if (unclear != null) {
            throw unclear;
        }
        Supplier<Witness> shown = first;
        return first == null
                ? () -> new ReadsFromText(reads)
                        .unmatched(groups.stream().flatMapToInt(Arrays::stream).toArray())
                : () -> ofOneWay(shown.get());
    }

    /** Usually the likely matching is right, and one try is enough. */
    private boolean isRightAsIsLikely(Function<ReadsFrom, Supplier<Witness>> all, BudgetMeter budgetMeter) {
        budgetMeter.states(operations);
        ReadsFrom matched = match(new int[groups.size()], groups.size() - 1);
        try {
            return matched != null && all.apply(matched) == null;
        } catch (BudgetMeter.Spent e) {
            if (e.cause() != Verdict.Cause.SCOPE) {
                throw e;
            }
            return false;
        }
    }

    /** The first groups matched as chosen; null where versions do not allow that. */
    private ReadsFrom match(int[] choice, int depth) {
        int[] read =
                groups.stream().limit(depth + 1L).flatMapToInt(Arrays::stream).toArray();
        int[] write = IntStream.rangeClosed(0, depth)
                .flatMap(g -> Arrays.stream(groups.get(g)).map(r -> candidates.get(g)[choice[g]]))
                .toArray();
        return reads.matching(read, write);
    }

    private static Witness ofOneWay(Witness one) {
        return new Witness(
                one.pattern(),
                "Values repeat, and no way to match reads with writes will do. In one of them: " + one.explanation(),
                one.operations(),
                one.partial(),
                one.unplaced());
    }
}
