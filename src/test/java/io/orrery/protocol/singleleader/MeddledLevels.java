package io.orrery.protocol.singleleader;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.StartRequirements;
import io.orrery.protocol.kit.MeddledCounter;
import io.orrery.protocol.kit.QuorumCounter;
import io.orrery.protocol.singleleader.Level.Order;
import io.orrery.protocol.singleleader.Level.Read;
import io.orrery.protocol.singleleader.Level.Takers;
import io.orrery.protocol.singleleader.Level.WriteReturns;
import java.util.Comparator;
import java.util.List;

/** Single-leader protocols that get one choice of theirs wrong. */
public final class MeddledLevels {
    /** A write returns before anyone has applied it. */
    public static final ProtocolType EARLY_ANSWER = type(
            SingleLeaderProtocols.PRIMARY_SEQUENTIAL,
            "acknowledge before apply",
            new Level(WriteReturns.AT_ONCE, Read.AFTER_SESSION, Takers.ALL, Order.LEADERS));

    /** A read is served with what is there. */
    public static final ProtocolType READ_OUT_OF_ORDER = type(
            SingleLeaderProtocols.PRIMARY_LINEARIZABLE,
            "a read that skips the order",
            new Level(WriteReturns.WHEN_APPLIED_EVERYWHERE, Read.LOCAL, Takers.ALL, Order.LEADERS));

    /** Followers apply what the leader has ordered as it comes. */
    public static final ProtocolType WRITES_OUT_OF_ORDER = type(
            SingleLeaderProtocols.PRIMARY_SEQUENTIAL,
            "writes applied as they arrive",
            new Level(WriteReturns.WHEN_APPLIED_EVERYWHERE, Read.LOCAL, Takers.ALL, Order.BY_KEY));

    /** A write returns when one follower fewer has it than it should. */
    public static final ProtocolType SMALL_QUORUM = type(
            SingleLeaderProtocols.LEADER_QUORUM,
            "a quorum one too small",
            new Level(WriteReturns.WHEN_A_QUORUM_HAS_IT, Read.LOCAL, Takers.LEADER, Order.BY_KEY) {
                @Override
                public int followersNeeded(ReplicaSettings settings) {
                    return Math.max(0, super.followersNeeded(settings) - 1);
                }
            });

    /** A follower that acknowledges a write twice is counted twice. */
    public static final ProtocolType COUNTED_TWICE = type(
            SingleLeaderProtocols.LEADER_QUORUM,
            "each acknowledgement counted",
            new Level(WriteReturns.WHEN_A_QUORUM_HAS_IT, Read.LOCAL, Takers.LEADER, Order.BY_KEY) {
                @Override
                QuorumCounter<Dot> counter(List<NodeId> followers) {
                    return new MeddledCounter<>(followers, Comparator.<Dot>naturalOrder());
                }
            });

    /** A follower does not say that it has a write, so the leader hears of it by anti-entropy alone. */
    public static final ProtocolType NO_ACKNOWLEDGEMENTS = Meddled.type(
            SingleLeaderProtocols.LEADER_QUORUM,
            "no acknowledgements",
            (type, settings, effects) -> new Meddled(type, settings, effects) {
                @Override
                protected void send(NodeId to, Message message) {
                    if (!(message instanceof LeaderMessage.Acknowledge)) {
                        super.send(to, message);
                    }
                }
            });

    /** A leader that has lost its memory goes on at once. */
    public static final ProtocolType HASTY_LEADER = type(
            SingleLeaderProtocols.LEADER_QUORUM,
            "nobody asked at the start",
            new Level(WriteReturns.WHEN_A_QUORUM_HAS_IT, Read.LOCAL, Takers.LEADER, Order.BY_KEY) {
                @Override
                protected StartRequirements startTerms(ReplicaSettings settings) {
                    return new StartRequirements(0, 0, false);
                }
            });

    /** The leader answers a forwarded write, and has not ordered it. */
    public static final ProtocolType ANSWER_WITHOUT_ORDER = Meddled.type(
            SingleLeaderProtocols.PRIMARY_EVENTUAL,
            "answered and not ordered",
            (type, settings, effects) -> new Meddled(type, settings, effects) {
                private LeaderMessage.Ordered last;

                @Override
                protected void send(NodeId to, Message message) {
                    last = message instanceof LeaderMessage.Ordered ordered ? ordered : last;
                    super.send(to, message);
                }

                @Override
                public void message(NodeId from, Message message) {
                    if (last != null && message instanceof LeaderMessage.Forward forward && forward.number() % 4 == 0) {
                        super.send(
                                from,
                                new LeaderMessage.Ordered(
                                        last.by(),
                                        forward.caller(),
                                        forward.number(),
                                        last.dot(),
                                        last.version(),
                                        last.declined()));
                    } else {
                        super.message(from, message);
                    }
                }
            });

    /** A replica does not see some of the leader's answers. */
    public static final ProtocolType ANSWERS_UNSEEN = Meddled.type(
            SingleLeaderProtocols.PRIMARY_EVENTUAL,
            "an answer not seen",
            (type, settings, effects) -> new Meddled(type, settings, effects) {
                @Override
                public void message(NodeId from, Message message) {
                    if (!(message instanceof LeaderMessage.Ordered ordered) || ordered.number() % 3 != 0) {
                        super.message(from, message);
                    }
                }
            });

    private MeddledLevels() {}

    private static ProtocolType type(ProtocolType right, String bug, Level level) {
        return right.variant(
                right.name() + ": " + bug, bug, (settings, effects) -> new SingleLeader(settings, effects, level));
    }
}
