package io.orrery.journal;

import io.orrery.clock.Dot;
import io.orrery.network.Fault;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a simulated disk holds, what of it a loss of power takes, and what of it is damaged. The checks are those of the
 * RocksDB journal: damage stops the replica, and a last batch that is not whole is dropped unless the disk confirmed it.
 */
final class DiskContents {
    /** The system writes by itself, after some 30 s; so it keeps no more batches than this. */
    private static final int MOST_UNWRITTEN = 1_000;

    private final SyncPolicy policy;
    /** What a replay finds. */
    private DiskImage image = new DiskImage();
    /** With {@link SyncPolicy#NEVER}: what the disk has. The image is this and then the unwritten batches. */
    private DiskImage written = new DiskImage();

    private final Deque<DiskBatch> unwritten = new ArrayDeque<>();

    private Fault.DiskDamage nextBatch;
    private String damage;
    private Dot damagedValue;
    /** Whether the last batch is there in part. */
    private boolean isTorn;

    DiskContents(SyncPolicy policy) {
        this.policy = policy;
    }

    boolean isEmpty() {
        return image.records() == 0 && damage == null && !isTorn;
    }

    /** Writes one entry as a batch of its own. */
    void append(JournalEntry entry) {
        if (policy == SyncPolicy.ALWAYS && nextBatch == null && !isTorn) {
            image.append(entry);
        } else {
            DiskBatch batch = new DiskBatch();
            batch.entries().add(entry);
            write(batch);
        }
    }

    void write(DiskBatch batch) {
        if (batch.isEmpty()) {
            return;
        }
        if (isTorn) {
            damage = "a record before the last is not whole";
        }
        if (nextBatch != null) {
            isTorn = nextBatch == Fault.DiskDamage.TORN_WRITE;
            if (!isTorn) {
                damage = "a record is where another belongs";
            }
            nextBatch = null;
            return;
        }
        image.add(batch);
        if (policy == SyncPolicy.NEVER) {
            unwritten.add(batch);
            if (unwritten.size() > MOST_UNWRITTEN) {
                written.add(unwritten.remove());
            }
        }
    }

    void damage(Fault.DiskDamage what, SeededRandom random) {
        if (what != Fault.DiskDamage.FLIPPED_BIT) {
            nextBatch = what;
        } else if (image.records() > 0) {
            damage = "the checksum of a record is wrong";
            int record = random.nextInt(image.records());
            Set<Dot> values = image.values();
            if (record < values.size()) {
                Iterator<Dot> each = values.iterator();
                for (int i = 0; i < record; i++) {
                    each.next();
                }
                damagedValue = each.next();
            }
        }
    }

    /** Loses a drawn number of the batches that the disk does not have, the last ones. Returns whether any is lost. */
    boolean losePower(SeededRandom random) {
        if (unwritten.isEmpty()) {
            return false;
        }
        int lost = random.nextInt(unwritten.size() + 1);
        for (int kept = unwritten.size() - lost; kept > 0; kept--) {
            written.add(unwritten.remove());
        }
        unwritten.clear();
        image = written.copy();
        return lost > 0;
    }

    /** Passes on what a replay would find; nothing where it would fail. Changes nothing. */
    void look(Consumer<JournalEntry> action) {
        if (damage == null && !(isTorn && policy == SyncPolicy.ALWAYS)) {
            image.replay(action);
        }
    }

    /** @throws JournalException if the contents are damaged */
    void replay(Consumer<JournalEntry> action) {
        if (damage != null) {
            throw damaged(damage);
        }
        if (isTorn && policy == SyncPolicy.ALWAYS) {
            throw damaged("the end is missing: the disk confirmed more than " + image.records() + " records");
        }
        // Nobody was told that the disk has a torn batch, so the replay drops it.
        isTorn = false;
        image.replay(action);
    }

    /** @throws JournalException if the value is not there, or damaged */
    void requireValue(Dot write) {
        if (write.equals(damagedValue)) {
            throw damaged(damage);
        }
        if (!image.has(write)) {
            throw new JournalException("the simulated disk has no value of " + write);
        }
    }

    private static JournalException damaged(String what) {
        return new JournalException("the simulated disk is damaged: " + what);
    }

    /** Deletes the values that are not needed, and returns how many are left. */
    int retain(Predicate<Dot> needed) {
        DiskBatch deletions = new DiskBatch();
        image.values().stream()
                .filter(needed.negate())
                .forEach(it -> deletions.values().put(it, false));
        write(deletions);
        return image.values().size();
    }

    DiskContents copy() {
        DiskContents copy = new DiskContents(policy);
        copy.image = image.copy();
        copy.written = written.copy();
        copy.unwritten.addAll(unwritten);
        copy.damage = damage;
        copy.damagedValue = damagedValue;
        copy.isTorn = isTorn;
        return copy;
    }
}
