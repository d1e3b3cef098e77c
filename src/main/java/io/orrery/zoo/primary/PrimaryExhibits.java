package io.orrery.zoo.primary;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Start;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.zoo.kit.Exhibit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What can go wrong where one leader orders and a majority keeps. */
public final class PrimaryExhibits {
    private PrimaryExhibits() {}

    /** The protocol without a mistake. */
    public static final ProtocolType SOUND = Primary.TYPE;

    private static final String USUAL = "primary";
    private static final String RESTARTS = "primary-restarts";

    public static final List<Exhibit> ALL = List.of(
            exhibit(
                    "follower-counted-twice",
                    FollowerCountedTwice::new,
                    "acknowledged-is-on-disk",
                    "The leader counts acknowledgements, not followers: one that arrives twice makes a majority.",
                    "",
                    USUAL,
                    4),
            exhibit(
                    "leader-counted-twice",
                    LeaderCountedTwice::new,
                    "acknowledged-is-on-disk",
                    "The leader counts itself as a follower too, and is content with one follower less.",
                    "",
                    USUAL,
                    2),
            exhibit(
                    "ack-before-sync",
                    AckBeforeSync::new,
                    "acknowledged-is-on-disk",
                    "A follower acknowledges an entry before it is on disk.",
                    "Ongaro and Ousterhout, \"In Search of an Understandable Consensus Algorithm\", 2014, figure 2: updated on"
                            + " stable storage before responding",
                    USUAL,
                    8),
            exhibit(
                    "ack-over-a-gap",
                    AckOverAGap::new,
                    "acknowledged-is-on-disk",
                    "A follower acknowledges the highest entry that came, though an earlier one was lost.",
                    "",
                    USUAL,
                    2),
            exhibit(
                    "answer-before-commit",
                    AnswerBeforeCommit::new,
                    "acknowledged-is-on-disk",
                    "A write is answered when the leader has it.",
                    "",
                    USUAL,
                    1),
            exhibit(
                    "local-reads",
                    LocalReads::new,
                    "linearizable",
                    "A follower answers reads from its own store, which may be behind.",
                    "Jepsen, \"etcd and Consul\", 2014: reads that do not go through consensus are stale",
                    USUAL,
                    1),
            exhibit(
                    "read-without-a-place",
                    ReadWithoutAPlace::new,
                    "linearizable",
                    "The leader answers a read at once. After a restart it does not know yet what was committed before.",
                    "Ongaro's dissertation, 2014, section 6.4: a leader commits an entry of its term before it serves reads",
                    USUAL,
                    1),
            exhibit(
                    "forward-ordered-twice",
                    ForwardOrderedTwice::new,
                    "linearizable",
                    "A write that is sent again is ordered again, over what was written since.",
                    "",
                    USUAL,
                    1),
            exhibit(
                    "duplicates-forgotten-in-a-crash",
                    DuplicatesForgotten::new,
                    "linearizable",
                    "What the leader knows of requests that it has ordered is in memory alone: one that is sent again after a crash"
                            + " is ordered again.",
                    "",
                    RESTARTS,
                    19),
            exhibit(
                    "life-not-looked-at",
                    LifeNotLookedAt::new,
                    "linearizable",
                    "Requests are told apart by their number alone. A replica that restarts counts from 1 again, and its first writes"
                            + " are taken for those before the crash.",
                    "",
                    RESTARTS,
                    1),
            exhibit(
                    "stale-answer-believed",
                    StaleAnswerBelieved::new,
                    "linearizable",
                    "A replica that restarts takes an answer to a request of before the crash for that to its new request of the same"
                            + " number.",
                    "",
                    RESTARTS,
                    9),
            exhibit(
                    "resent-from-the-commit",
                    ResentFromTheCommit::new,
                    "converged",
                    "The leader sends followers what is not committed. Who was away when the rest was committed never gets it.",
                    "",
                    USUAL,
                    1));

    private static Exhibit exhibit(
            String name,
            BiFunction<ReplicaSettings, Effects, Protocol> broken,
            String shows,
            String story,
            String source,
            String scene,
            long seed) {
        return new Exhibit(SOUND.variant("zoo-" + name, story, broken), SOUND, shows, story, source, scene, seed);
    }

    private static final class FollowerCountedTwice extends Primary {
        private final List<Long> counted = new ArrayList<>();

        FollowerCountedTwice(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void acknowledged(NodeId by, long upTo) {
            counted.add(upTo);
            counted.sort(Collections.reverseOrder());
            super.acknowledged(by, upTo);
        }

        @Override
        protected long committable() {
            int followers = settings.replicas().size() / 2;
            return Math.min(log.size(), counted.size() < followers ? 0 : counted.get(followers - 1));
        }
    }

    private static final class LeaderCountedTwice extends Primary {
        LeaderCountedTwice(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected long committable() {
            List<Long> counts = new ArrayList<>(acknowledged.values());
            counts.add((long) log.size());
            counts.sort(Collections.reverseOrder());
            return counts.get(settings.replicas().size() / 2 - 1);
        }
    }

    private static final class AckBeforeSync extends Primary {
        AckBeforeSync(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        public void message(NodeId from, Message message) {
            if (message instanceof PrimaryMessage.Append append) {
                long has = log.size();
                for (Entry entry : append.entries()) {
                    has = entry.place() == has + 1 ? has + 1 : has;
                }
                effects.send(from, new PrimaryMessage.Ack(has, false));
            }
            super.message(from, message);
        }
    }

    private static final class AckOverAGap extends Primary {
        AckOverAGap(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void replicate(NodeId peer) {
            // The newest alone: whoever lacks more is thought to ask.
            int from = Math.max(Math.toIntExact(acknowledged.get(peer)), log.size() - 1);
            effects.send(
                    peer,
                    new PrimaryMessage.Append(List.copyOf(log.subList(Math.max(0, from), log.size())), committed));
        }

        @Override
        protected long has(PrimaryMessage.Append append) {
            return append.entries().stream().mapToLong(Entry::place).reduce(log.size(), Math::max);
        }
    }

    private static final class AnswerBeforeCommit extends Primary {
        AnswerBeforeCommit(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean mayAnswer(long place) {
            return place <= log.size();
        }
    }

    private static final class LocalReads extends Primary {
        LocalReads(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        public void request(Request request) {
            if (request.operation() instanceof Operation.Read read) {
                effects.reply(request, shown(store.get(read.key()), ""));
            } else {
                super.request(request);
            }
        }
    }

    private static final class ReadWithoutAPlace extends Primary {
        ReadWithoutAPlace(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        public void message(NodeId from, Message message) {
            if (message instanceof PrimaryMessage.Forward forward
                    && forward.operation() instanceof Operation.Read read) {
                Optional<Entry> shown = lookup(read.key());
                PrimaryMessage.Answer answer = new PrimaryMessage.Answer(
                        forward.call(), shown.flatMap(Entry::value), shown.map(Entry::version));
                if (from.equals(self)) {
                    super.message(self, answer);
                } else {
                    effects.send(from, answer);
                }
            } else {
                super.message(from, message);
            }
        }
    }

    private static final class ForwardOrderedTwice extends Primary {
        ForwardOrderedTwice(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected Optional<Long> placeOf(PrimaryMessage.Forward forward) {
            return Optional.empty();
        }
    }

    private static final class DuplicatesForgotten extends Primary {
        DuplicatesForgotten(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        public void recover(JournalEntry entry) {
            super.recover(entry);
            ordered.clear();
        }
    }

    private static final class LifeNotLookedAt extends Primary {
        LifeNotLookedAt(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        public void start(Start start) {
            super.start(start);
            life = self.name();
        }
    }

    private static final class StaleAnswerBelieved extends Primary {
        StaleAnswerBelieved(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected boolean isMine(Entry.Call call) {
            return true;
        }
    }

    private static final class ResentFromTheCommit extends Primary {
        ResentFromTheCommit(ReplicaSettings settings, Effects effects) {
            super(settings, effects);
        }

        @Override
        protected void replicate(NodeId peer) {
            int from = Math.toIntExact(Math.max(acknowledged.get(peer), committed));
            effects.send(peer, new PrimaryMessage.Append(List.copyOf(log.subList(from, log.size())), committed));
        }
    }
}
