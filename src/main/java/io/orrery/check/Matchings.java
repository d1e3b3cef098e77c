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
 * Judges where some reads may have seen one of several writes of the same value: by every way to match them. The history
 * satisfies the model if it does so in one of them. Reads are matched one after another, or all that saw the same version
 * at once; where those that are matched so far violate the model, no way to match the others is tried.
 */
final class Matchings {
    private final ReadsFrom reads;
    private final int[] members;
    /** Reads that saw the same write, whichever it is. */
    private final List<int[]> groups;
    /** For each group the writes that it may have seen, the most likely first. */
    private final List<int[]> candidates;

    /**
     * @param members all operations on some keys
     * @param open the ambiguous reads among them
     */
    Matchings(ReadsFrom reads, int[] members, int[] open) {
        this.reads = reads;
        this.members = members;
        groups = groups(reads, open);
        candidates = groups.stream().map(group -> candidates(group[0])).toList();
    }

    private static List<int[]> groups(ReadsFrom reads, int[] open) {
        Map<Object, List<Integer>> byName = new HashMap<>();
        List<List<Integer>> found = new ArrayList<>();
        for (int read : open) {
            Object version = reads.named(read);
            Object name = version == null ? read : List.of(reads.value[read], version);
            byName.computeIfAbsent(name, it -> {
                        List<Integer> group = new ArrayList<>();
                        found.add(group);
                        return group;
                    })
                    .add(read);
        }
        // What is wrong on a key shows when its reads are matched.
        found.sort(Comparator.comparingInt(group -> reads.key[group.get(0)]));
        return found.stream()
                .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    /** The last write that began before the read ended comes first. */
    private int[] candidates(int read) {
        int end = reads.ops.get(read).completedAt();
        int[] found = reads.candidates(read);
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
     * Tries every way.
     *
     * @param some what is wrong where some reads are still ambiguous, however those are matched; or null
     * @param all what is wrong where no read is, or null
     * @param meter counts a state for each operation of each try
     * @return what is wrong in the first of the ways; null where one is right
     */
    Supplier<Witness> violation(
            Function<ReadsFrom, Supplier<Witness>> some, Function<ReadsFrom, Supplier<Witness>> all, Meter meter) {
        Supplier<Witness> first = null;
        int[] choice = new int[groups.size()];
        int last = groups.size() - 1;
        int depth = 0;
        while (depth >= 0) {
            if (choice[depth] == candidates.get(depth).length) {
                choice[depth--] = 0;
            } else {
                meter.states(members.length);
                ReadsFrom matched = match(choice, depth);
                Supplier<Witness> found =
                        matched == null ? null : depth == last ? all.apply(matched) : some.apply(matched);
                if (matched != null && found == null) {
                    if (depth == last) {
                        return null;
                    }
                    depth++;
                    continue;
                }
                first = first == null ? found : first;
            }
            if (depth >= 0) {
                choice[depth]++;
            }
        }
        Supplier<Witness> shown = first;
        return first == null
                ? () -> new ReadsFromWords(reads)
                        .unmatched(groups.stream().flatMapToInt(Arrays::stream).toArray())
                : () -> ofOneWay(shown.get());
    }

    /** The first groups matched as chosen; null where versions do not allow that. */
    private ReadsFrom match(int[] choice, int depth) {
        int[] read =
                groups.stream().limit(depth + 1L).flatMapToInt(Arrays::stream).toArray();
        int[] write = IntStream.rangeClosed(0, depth)
                .flatMap(g -> Arrays.stream(groups.get(g)).map(r -> candidates.get(g)[choice[g]]))
                .toArray();
        return reads.matching(read, write, members);
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
