package io.orrery.zoo.majority;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Start;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.zoo.kit.Exhibit;
import java.util.List;
import java.util.function.BiFunction;

/** What can go wrong where a majority keeps each register. */
public final class MajorityExhibits {
    private MajorityExhibits() {}

    /** The protocol without a mistake. */
    public static final ProtocolType SOUND = Majority.TYPE;

    private static final String USUAL = "majority";
    private static final String CRASHES = "majority-crashes";

    public static final List<Exhibit> ALL = List.of(
            exhibit(
                    "no-write-back",
                    NoWriteBack::new,
                    "A read returns the latest copy that it has seen, and no majority has it: the next read may see an older one.",
                    "Attiya, Bar-Noy, Dolev, JACM 1995: a reader writes before it returns",
                    USUAL,
                    3),
            exhibit(
                    "write-back-not-awaited",
                    WriteBackNotAwaited::new,
                    "A read has others keep what it returns, and does not wait for them.",
                    "",
                    USUAL,
                    424),
            exhibit(
                    "fast-read-of-two",
                    FastReadOfTwo::new,
                    "A read writes nothing back when two copies agree. Two of five are no majority.",
                    "Dutta, Guerraoui, Levy, Chakraborty, \"How Fast can a Distributed Atomic Read be?\", PODC 2004",
                    CRASHES,
                    263),
            exhibit(
                    "half-is-a-majority",
                    HalfIsAMajority::new,
                    "Of four replicas two are taken for a majority: two quorums may have no replica in common.",
                    "Gifford, \"Weighted Voting for Replicated Data\", SOSP 1979: r + w is greater than the number of votes",
                    USUAL,
                    8),
            exhibit(
                    "answers-counted-twice",
                    AnswersCountedTwice::new,
                    "Answers are counted, not who has answered: one that arrives twice makes a majority.",
                    "",
                    USUAL,
                    543),
            exhibit(
                    "phase-not-looked-at",
                    PhaseNotLookedAt::new,
                    "An answer counts for whatever is under way, though it was asked for before.",
                    "",
                    USUAL,
                    1),
            exhibit(
                    "write-without-a-query",
                    WriteWithoutAQuery::new,
                    "A write takes the version after the replica's own copy, without asking: a later write may lose against an"
                            + " earlier one.",
                    "",
                    USUAL,
                    32),
            exhibit(
                    "version-given-twice",
                    VersionGivenTwice::new,
                    "Two writes at one replica that are under way at once see the same copies, and take the same version.",
                    "",
                    USUAL,
                    1),
            exhibit(
                    "version-given-again-after-a-crash",
                    VersionGivenAgain::new,
                    "After a crash a replica gives a version again that only one other has seen.",
                    "",
                    CRASHES,
                    120),
            exhibit(
                    "stored-in-memory",
                    StoredInMemory::new,
                    "A replica says that it has stored a copy before it is on disk.",
                    "",
                    USUAL,
                    2));

    private static Exhibit exhibit(
            String name,
            BiFunction<ReplicaSettings, Effects, Protocol> broken,
            String story,
            String source,
            String scene,
            long seed) {
        String shows = name.equals("stored-in-memory") ? "acknowledged-is-on-disk" : "linearizable";
        return new Exhibit(SOUND.variant("zoo-" + name, story, broken), SOUND, shows, story, source, scene, seed);
    }

    private static final class NoWriteBack extends Majority {
        NoWriteBack(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean writesBack(Running read) {
            return false;
        }
    }

    private static final class WriteBackNotAwaited extends Majority {
        WriteBackNotAwaited(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean writesBack(Running read) {
            MajorityMessage.Store copy = new MajorityMessage.Store(new MajorityMessage.Phase(life, 0), read.latest);
            take(read.latest);
            settings.peers().forEach(peer -> effects.send(peer, copy));
            return false;
        }
    }

    private static final class FastReadOfTwo extends Majority {
        FastReadOfTwo(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean writesBack(Running read) {
            return read.withLatest < 2;
        }
    }

    private static final class HalfIsAMajority extends Majority {
        HalfIsAMajority(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean isEnough(Running operation) {
            return operation.answered.size() >= settings.replicas().size() / 2;
        }
    }

    private static final class AnswersCountedTwice extends Majority {
        AnswersCountedTwice(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean isEnough(Running operation) {
            return operation.answers > settings.replicas().size() / 2;
        }
    }

    private static final class PhaseNotLookedAt extends Majority {
        PhaseNotLookedAt(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected long matching(MajorityMessage.Phase phase) {
            return oldest();
        }
    }

    private static final class WriteWithoutAQuery extends Majority {
        WriteWithoutAQuery(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean isEnough(Running operation) {
            return operation.isFirstOfAWrite() || super.isEnough(operation);
        }
    }

    private static final class VersionGivenTwice extends Majority {
        VersionGivenTwice(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected Version nextVersion(Copy latest) {
            return new Version(latest == null ? 1 : latest.version().counter() + 1, me);
        }
    }

    private static final class VersionGivenAgain extends Majority {
        VersionGivenAgain(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected Origin originOf(Start start) {
            return new Origin(self, 0);
        }
    }

    private static final class StoredInMemory extends Majority {
        StoredInMemory(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void keep(NodeId from, MajorityMessage.Store wanted) {
            if (from.equals(self)) {
                super.keep(from, wanted);
            } else {
                effects.send(from, new MajorityMessage.Stored(wanted.phase()));
                take(wanted.copy());
            }
        }
    }
}
