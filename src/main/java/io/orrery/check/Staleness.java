package io.orrery.check;

import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Version;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The staleness of reads: figures, not a verdict.
 *
 * <p>A read is behind by the writes to its key that had completed before it was invoked and that are newer than what it
 * saw; in time it is behind by as long as the first of them had been complete. Newer is what has a higher version,
 * where every write to the key has one; else what was invoked after the write that was seen had completed.
 *
 * @param reads how many reads were measured
 * @param unmeasured how many were not, since it cannot be told which write they saw
 * @param versions by how many writes reads were behind
 * @param nanos by how many nanoseconds reads were behind
 */
public record Staleness(long reads, long unmeasured, Figures versions, Figures nanos) {
    /** The median, the 99th percentile and the maximum (nearest rank); 0 where there is nothing. */
    public record Figures(long median, long p99, long max) {
        static Figures of(long[] values) {
            if (values.length == 0) {
                return new Figures(0, 0, 0);
            }
            long[] sorted = values.clone();
            Arrays.sort(sorted);
            return new Figures(rank(sorted, 50), rank(sorted, 99), sorted[sorted.length - 1]);
        }

        private static long rank(long[] sorted, int percent) {
            return sorted[Math.max(0, (int) Math.ceil(sorted.length * (percent / 100.0)) - 1)];
        }
    }

    /** Hears of each read that is measured. */
    public interface Listener {
        /** @param nanos 0 where it was not behind by any write */
        void read(long versions, long nanos);
    }

    /** Measures all reads that succeeded, in time n log n. */
    public static Staleness of(History history, CheckOptions checkOptions) {
        LongStream.Builder versions = LongStream.builder();
        LongStream.Builder nanos = LongStream.builder();
        long unmeasured = measure(history, checkOptions, (behind, time) -> {
            versions.add(behind);
            nanos.add(time);
        });
        long[] all = versions.build().toArray();
        return new Staleness(
                all.length,
                unmeasured,
                Figures.of(all),
                Figures.of(nanos.build().toArray()));
    }

    /**
     * Measures all reads that succeeded, one by one, in time n log n.
     *
     * @return how many were not measured, since it cannot be told which write they saw
     */
    public static long measure(History history, CheckOptions checkOptions, Listener listener) {
        return new Measure(ReadsFrom.of(history, checkOptions)).of(history, listener);
    }

    private static final class Measure {
        private final ReadsFrom reads;
        private final Map<Integer, Completed> completed = new HashMap<>();
        private final int[] place;
        /** Whether every write to a key that took effect has a version. */
        private final boolean[] versioned;

        Measure(ReadsFrom reads) {
            this.reads = reads;
            place = new int[reads.ops.size()];
            versioned = versioned();
            Map<Integer, Integer> size = new HashMap<>();
            int[] writes = IntStream.range(0, place.length)
                    .filter(i -> reads.ops.get(i).isWrite())
                    .boxed()
                    .sorted(this::byAge)
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int w : writes) {
                place[w] = size.merge(reads.key[w], 1, Integer::sum);
            }
            size.forEach((key, count) -> completed.put(key, new Completed(count)));
            for (int w : writes) {
                completed.get(reads.key[w]).invokedAt[place[w] - 1] =
                        reads.ops.get(w).invokedAt();
            }
        }

        private boolean[] versioned() {
            boolean[] all = new boolean[reads.keys.size()];
            boolean[] wasRead = new boolean[reads.ops.size()];
            for (int i = 0; i < wasRead.length; i++) {
                ReadsFrom.KeyFacts facts = reads.keys.get(reads.key[i]);
                all[reads.key[i]] = facts.carriesVersions && !facts.hasCas;
                if (reads.source[i] >= 0) {
                    wasRead[reads.source[i]] = true;
                }
            }
            for (int i = 0; i < wasRead.length; i++) {
                Op op = reads.ops.get(i);
                boolean tookEffect = op.isWrite() && (op.isOk() || wasRead[i]);
                all[reads.key[i]] &= !tookEffect || reads.version(i) != null;
            }
            return all;
        }

        /** By version where versions order the writes of the key, else by invocation, in which they are numbered. */
        private int byAge(int a, int b) {
            if (reads.key[a] != reads.key[b]) {
                return Integer.compare(reads.key[a], reads.key[b]);
            }
            return versioned[reads.key[a]]
                    ? Comparator.nullsLast(Comparator.<Version>naturalOrder())
                            .compare(reads.version(a), reads.version(b))
                    : Integer.compare(a, b);
        }

        long of(History history, Listener listener) {
            int[] atEvent = new int[history.events().size()];
            Arrays.fill(atEvent, -1);
            for (int i = 0; i < reads.ops.size(); i++) {
                Op op = reads.ops.get(i);
                if (op.isRead()) {
                    atEvent[op.invokedAt()] = i;
                } else if (op.isWrite() && op.isOk()) {
                    atEvent[op.completedAt()] = i;
                }
            }
            long unmeasured = 0;
            for (int at = 0; at < atEvent.length; at++) {
                int i = atEvent[at];
                if (i < 0) {
                    continue;
                }
                Completed writes = completed.get(reads.key[i]);
                Event event = history.events().get(at);
                if (!reads.ops.get(i).isRead()) {
                    writes.add(place[i], event.time());
                } else if (reads.source[i] == ReadsFrom.AMBIGUOUS || reads.source[i] == ReadsFrom.THIN_AIR) {
                    unmeasured++;
                } else {
                    int newest = writes == null ? 0 : seen(i, writes);
                    long behind = writes == null ? 0 : writes.countAbove(newest);
                    // The order of events counts: their times may run backwards, as where clients have clocks of their
                    // own.
                    long nanos = behind == 0 ? 0 : event.time() - writes.firstAbove(newest);
                    listener.read(behind, Math.max(0, nanos));
                }
            }
            return unmeasured;
        }

        /** The place of the last write that is not newer than what the read saw. */
        private int seen(int read, Completed writes) {
            int write = reads.source[read];
            if (write == ReadsFrom.INITIAL) {
                return 0;
            }
            if (versioned[reads.key[read]]) {
                return place[write];
            }
            return writes.invokedBefore(reads.ops.get(write).completedAt());
        }
    }

    /** The completed writes to one key, by place: a tree of counts and of first completions (Fenwick 1994). */
    private static final class Completed {
        private final int[] count;
        private final long[] first;
        private final int[] invokedAt;

        Completed(int places) {
            count = new int[places + 1];
            first = new long[places + 1];
            invokedAt = new int[places];
            Arrays.fill(first, Long.MAX_VALUE);
        }

        // The tree runs from the last place to the first, so that a prefix of it is all above a place.
        void add(int place, long time) {
            for (int i = count.length - place; i < count.length; i += i & -i) {
                count[i]++;
                first[i] = Math.min(first[i], time);
            }
        }

        long countAbove(int place) {
            long sum = 0;
            for (int i = count.length - 1 - place; i > 0; i -= i & -i) {
                sum += count[i];
            }
            return sum;
        }

        long firstAbove(int place) {
            long least = Long.MAX_VALUE;
            for (int i = count.length - 1 - place; i > 0; i -= i & -i) {
                least = Math.min(least, first[i]);
            }
            return least;
        }

        /** The place of the last write to the key that was invoked before an event, where places go by invocation. */
        int invokedBefore(int event) {
            int at = Arrays.binarySearch(invokedAt, event);
            return at >= 0 ? at + 1 : -at - 1;
        }
    }
}
