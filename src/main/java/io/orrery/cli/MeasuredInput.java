package io.orrery.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A history while it is read: shows the progress, and fails early if the heap will not hold it. The heap in use grows
 * with the bytes read, so a part of the file predicts the need of the whole.
 */
final class MeasuredInput extends FilterInputStream {
    private static final long BETWEEN_LOOKS = 8L << 20;
    /** The estimate is unreliable until this share of the heap is in use. */
    private static final double LEAST = 0.3;
    /** Events may take this share of the heap; judging needs the rest. */
    private static final double MOST = 0.8;

    private final String name;
    private final long size;
    private final LongSupplier kept;
    private final long room;
    private volatile long read;
    private long looked;

    /**
     * @param size in bytes; 0 if unknown
     * @param kept the heap bytes that live objects hold
     * @param room the heap bytes available to live objects
     */
    MeasuredInput(InputStream in, String name, long size, LongSupplier kept, long room) {
        super(in);
        this.name = name;
        this.size = size;
        this.kept = kept;
        this.room = room;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        count(next < 0 ? 0 : 1);
        return next;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = super.read(into, from, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) {
        read = read + bytes;
        if (read - looked >= BETWEEN_LOOKS) {
            looked = read;
            long used = kept.getAsLong();
            double needed = size > read ? (double) used / read * size : used;
            if (used > LEAST * room && needed > MOST * room) {
                throw new CommandFailure(
                        ExitCode.UNKNOWN, tooLarge(Math.round(needed / MOST / room * HeapGuard.size())));
            }
        }
    }

    /** @param needed in MiB */
    private String tooLarge(long needed) {
        return String.format(
                Locale.ROOT,
                "%s: the heap of %,d MiB is too small to judge it; it takes about %,d MiB%s, as in: "
                        + "JAVA_TOOL_OPTIONS=-Xmx%dg ./run.sh check ...",
                name,
                HeapGuard.size(),
                needed,
                size > 0 ? "" : " or more",
                needed * 6 / 5 / 1024 + 1);
    }

    /** The progress in words. */
    String progress() {
        return size > 0
                ? String.format(Locale.ROOT, "reading %s: %d %%", name, Math.min(100, 100 * read / size))
                : String.format(Locale.ROOT, "reading %s: %,d MB", name, read / 1_000_000);
    }
}
