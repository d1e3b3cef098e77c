package io.orrery.protocol.singleleader;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.singleleader.Level.Order;
import io.orrery.protocol.singleleader.Level.Read;
import io.orrery.protocol.singleleader.Level.Takers;
import io.orrery.protocol.singleleader.Level.WriteReturns;

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

    private MeddledLevels() {}

    private static ProtocolType type(ProtocolType right, String bug, Level level) {
        return right.variant(
                right.name() + ": " + bug, bug, (settings, effects) -> new SingleLeader(settings, effects, level));
    }
}
