package io.orrery.protocol.singleleader;

import io.orrery.protocol.HandMadeOrder;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.Vocabulary;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.singleleader.Level.Order;
import io.orrery.protocol.singleleader.Level.Read;
import io.orrery.protocol.singleleader.Level.Takers;
import io.orrery.protocol.singleleader.Level.WriteReturns;
import java.util.List;
import java.util.stream.Stream;

/**
 * The protocols of the single-leader family: the four levels of the primary lab, and the write quorum. Another {@link Level} makes
 * another one: {@link #type}.
 */
public final class SingleLeaderProtocols implements ProtocolProvider {
    /**
     * Of the kinds of messages {@code forward} hands a write to the leader, {@code ordered} answers it; {@code ack} tells the
     * leader that a write has been applied; {@code ask} wants the leader's position for a read, {@code position} tells it,
     * or confirms to the leader that it is one; the others are those by which replicas replicate.
     */
    public static final Vocabulary VOCABULARY = Vocabulary.of(
                    List.of("forward", "ordered", "ack", "ask", "position"), LeaderMessage.class, LeaderEntry.class)
            .on(Replication.VOCABULARY);

    /** Those of a protocol of the family. */
    private static final List<NamedInvariant> INVARIANTS = Stream.of(Replication.INVARIANTS, SingleLeader.INVARIANTS)
            .flatMap(List::stream)
            .toList();

    public static final ProtocolType PRIMARY_LINEARIZABLE = type(
                    "primary-linearizable",
                    "a primary orders writes, and reads too; a write returns when all replicas have it",
                    Promises.toMoving("linearizable", "converged"),
                    new Level(WriteReturns.WHEN_APPLIED_EVERYWHERE, Read.AFTER_LEADER, Takers.ALL, Order.LEADERS))
            .comparing();

    public static final ProtocolType PRIMARY_SEQUENTIAL = type(
                    "primary-sequential",
                    "a primary orders writes; a write returns when all replicas have it, a read at once",
                    Promises.toMoving("sequential", "converged"),
                    new Level(WriteReturns.WHEN_APPLIED_EVERYWHERE, Read.AFTER_SESSION, Takers.ALL, Order.LEADERS))
            .comparing();

    // The level only demands causality, but one order of all writes gives more: what a client sees is always a prefix
    // of it, and never a shorter one than before.
    public static final ProtocolType PRIMARY_CAUSAL = type(
            "primary-causal",
            "a primary orders writes; a write returns when the asked replica has it, a read when it has what the client saw",
            Promises.toMoving("sequential", "converged"),
            new Level(WriteReturns.WHEN_APPLIED_HERE, Read.AFTER_SESSION, Takers.ALL, Order.LEADERS));

    public static final ProtocolType PRIMARY_EVENTUAL = type(
            "primary-eventual",
            "a primary orders writes; writes and reads return at once",
            Promises.toMoving("converged"),
            new Level(WriteReturns.AT_ONCE, Read.LOCAL, Takers.ALL, Order.LEADERS));

    public static final ProtocolType LEADER_QUORUM = type(
                    "leader-quorum",
                    "only the leader takes writes; a write returns when a quorum of followers has it, a read at once",
                    Promises.toStaying("read-your-writes", "monotonic-reads", "converged"),
                    new Level(WriteReturns.WHEN_A_QUORUM_HAS_IT, Read.LOCAL, Takers.LEADER, Order.BY_KEY))
            .comparing();

    @Override
    public int contract() {
        return CONTRACT;
    }

    @Override
    public List<ProtocolType> protocols() {
        return List.of(PRIMARY_LINEARIZABLE, PRIMARY_SEQUENTIAL, PRIMARY_CAUSAL, PRIMARY_EVENTUAL, LEADER_QUORUM);
    }

    /**
     * A protocol of the family.
     *
     * @param name as files name it
     * @param summary one line for people
     * @param promises what clients may rely on: it must follow from the level
     */
    public static ProtocolType type(String name, String summary, Promises promises, Level level) {
        return new ProtocolType(
                name,
                summary,
                promises,
                level.leadership(),
                level.takers() == Takers.LEADER ? HandMadeOrder.VERSION : HandMadeOrder.NONE,
                level.options(),
                VOCABULARY,
                new SelfChecks(INVARIANTS, settings -> 1 + level.followersNeeded(settings)),
                (settings, effects) -> new SingleLeader(settings, effects, level));
    }
}
