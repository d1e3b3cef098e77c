package io.orrery.zoo.gossip;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.zoo.kit.Exhibit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What can go wrong where each replica takes writes. */
public final class GossipExhibits {
    private GossipExhibits() {}

    /** The protocol without a mistake. */
    public static final ProtocolType SOUND = Gossip.TYPE;

    public static final List<Exhibit> ALL = List.of(
            exhibit(
                    "no-tie-break",
                    NoTieBreak::new,
                    "converged",
                    "Of two writes with one Lamport time each replica keeps the one that came first: there is no tie-break.",
                    "Lamport, \"Time, Clocks, and the Ordering of Events\", CACM 1978: the order is total only with one",
                    3),
            exhibit(
                    "clock-not-moved",
                    ClockNotMoved::new,
                    "causal-ccv",
                    "What arrives does not move the clock. A client writes over what it has read, with an earlier time, and its"
                            + " own write is gone at once.",
                    "Lamport, CACM 1978, rule IR2(b)",
                    1),
            exhibit(
                    "clock-not-recovered",
                    ClockNotRecovered::new,
                    "causal-ccv",
                    "After a restart the clock goes on from the replica's own writes, not from those it has seen: the next write"
                            + " over another's is lost.",
                    "",
                    16),
            exhibit(
                    "tombstone-forgotten",
                    TombstoneForgotten::new,
                    "converged",
                    "A delete removes the key and leaves no tombstone. A write that was before it, and comes late, brings the key"
                            + " back, at some replicas.",
                    "Cassandra's documentation on tombstones and zombies, where gc_grace_seconds is too short",
                    1),
            exhibit(
                    "delete-without-a-time",
                    DeleteWithoutATime::new,
                    "read-your-writes",
                    "A delete takes the time of what it deletes, so it loses against it.",
                    "",
                    2),
            exhibit(
                    "number-reused",
                    NumberReused::new,
                    "converged",
                    "After a crash a replica counts its own writes anew. Others have seen these numbers, and take the new writes for"
                            + " old ones.",
                    "Parker et al., \"Detection of Mutual Inconsistency\", IEEE TSE 1983, asks for counts on stable storage",
                    1),
            exhibit(
                    "acknowledged-before-synced",
                    AcknowledgedBeforeSynced::new,
                    "acknowledged-is-on-disk",
                    "A write is answered before it is on disk. A crash takes it back.",
                    "etcd #14370: a single-node cluster loses writes after a crash",
                    1),
            exhibit(
                    "dependency-dropped",
                    DependencyDropped::new,
                    "causal-ccv",
                    "A write depends on the earlier writes of its replica alone, not on what was read there: first in, first out is"
                            + " not causal.",
                    "Birman, Schiper, Stephenson, TOCS 1991: FBCAST and CBCAST",
                    57),
            exhibit(
                    "buffer-read-once",
                    BufferReadOnce::new,
                    "converged",
                    "When a write is applied, the buffer is read once, and what that makes ready stays in it.",
                    "",
                    1),
            exhibit(
                    "buffer-shown",
                    BufferShown::new,
                    "causal-ccv",
                    "A read is answered from the buffer, where there is something newer.",
                    "",
                    2),
            exhibit(
                    "session-forgotten",
                    SessionForgotten::new,
                    "read-your-writes",
                    "A replica does not look at what the client has seen elsewhere: who moves does not read its own writes.",
                    "Terry et al., \"Session Guarantees for Weakly Consistent Replicated Data\", PDIS 1994",
                    2),
            exhibit(
                    "gap-counted-as-known",
                    GapCountedAsKnown::new,
                    "converged",
                    "A write after a gap is applied, and the count says that all before it are there: nobody sends them again.",
                    "",
                    5),
            exhibit(
                    "catch-up-loses-the-rest",
                    CatchUpLosesTheRest::new,
                    "converged",
                    "A catch-up has room for three writes and ends with the newest: those before them count as known.",
                    "",
                    31),
            exhibit(
                    "catch-up-overwrites",
                    CatchUpOverwrites::new,
                    "converged",
                    "What a catch-up brings is shown as it comes, without a look at what is there already: after a partition old"
                            + " values return.",
                    "",
                    1));

    private static Exhibit exhibit(
            String name,
            BiFunction<ReplicaSettings, Effects, Protocol> broken,
            String shows,
            String story,
            String source,
            long seed) {
        ProtocolType type = SOUND.variant("zoo-" + name, story, broken);
        return new Exhibit(type, SOUND, shows, story, source, "gossip", seed);
    }

    private static final class NoTieBreak extends Gossip {
        NoTieBreak(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean replaces(Write comes, Write shown) {
            return comes.version().counter() > shown.version().counter();
        }
    }

    private static final class ClockNotMoved extends Gossip {
        ClockNotMoved(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void witness(Write write) {
            if (write.version().origin().equals(me)) {
                super.witness(write);
            }
        }
    }

    private static final class ClockNotRecovered extends Gossip {
        ClockNotRecovered(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        public void recover(JournalEntry entry) {
            Write write = (Write) entry;
            keep(write);
            if (write.version().origin().equals(me)) {
                witness(write);
            }
        }
    }

    private static final class TombstoneForgotten extends Gossip {
        TombstoneForgotten(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void keep(Write write) {
            super.keep(write);
            store.values().removeIf(Update::isTombstone);
        }
    }

    private static final class DeleteWithoutATime extends Gossip {
        DeleteWithoutATime(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected Version nextVersion(Key key, Optional<Value> value) {
            Write deleted = store.get(key);
            return value.isPresent() || deleted == null
                    ? super.nextVersion(key, value)
                    : new Version(deleted.version().counter(), me);
        }
    }

    private static final class NumberReused extends Gossip {
        NumberReused(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        public void recover(JournalEntry entry) {
            super.recover(entry);
            known = known.without(me);
        }
    }

    private static final class AcknowledgedBeforeSynced extends Gossip {
        AcknowledgedBeforeSynced(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void write(Request request, Write write) {
            effects.reply(request, shown(write, request.session()));
            apply(write);
            settings.peers().forEach(peer -> effects.send(peer, new GossipMessage.Spread(write)));
        }
    }

    private static final class DependencyDropped extends Gossip {
        DependencyDropped(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected VersionVector dependencies() {
            return VersionVector.EMPTY.with(me, known.get(me));
        }
    }

    private static final class BufferReadOnce extends Gossip {
        private VersionVector readAt = VersionVector.EMPTY;

        BufferReadOnce(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void release() {
            if (!known.equals(readAt)) {
                for (Write write : List.copyOf(buffer)) {
                    if (isReady(write)) {
                        buffer.remove(write);
                        apply(write);
                        break;
                    }
                }
                readAt = known;
            }
        }
    }

    private static final class BufferShown extends Gossip {
        BufferShown(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected Update read(Key key) {
            Write shown = store.get(key);
            for (Write early : buffer) {
                if (early.key().equals(key) && (shown == null || replaces(early, shown))) {
                    shown = early;
                }
            }
            return shown;
        }
    }

    private static final class SessionForgotten extends Gossip {
        SessionForgotten(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected VersionVector seenBy(Request request) {
            return VersionVector.EMPTY;
        }
    }

    private static final class GapCountedAsKnown extends Gossip {
        GapCountedAsKnown(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean isReady(Write write) {
            VersionVector others = write.after().without(write.version().origin());
            return known.covers(others);
        }
    }

    private static final class CatchUpLosesTheRest extends Gossip {
        CatchUpLosesTheRest(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected List<Write> lackedBy(VersionVector theirs) {
            List<Write> all = log.values().stream()
                    .filter(write -> !theirs.includes(write.dot()))
                    .toList();
            return all.subList(Math.max(0, all.size() - BATCH), all.size());
        }

        @Override
        protected void catchUp(Collection<Write> writes) {
            writes.stream().filter(write -> !known.includes(write.dot())).forEach(this::apply);
        }
    }

    private static final class CatchUpOverwrites extends Gossip {
        private boolean isCatchingUp;

        CatchUpOverwrites(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void catchUp(Collection<Write> writes) {
            isCatchingUp = true;
            super.catchUp(writes);
            isCatchingUp = false;
        }

        @Override
        protected boolean replaces(Write comes, Write shown) {
            return isCatchingUp || super.replaces(comes, shown);
        }
    }
}
