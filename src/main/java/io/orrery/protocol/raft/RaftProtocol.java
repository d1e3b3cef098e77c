package io.orrery.protocol.raft;

import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.Vocabulary;
import java.util.List;

/** Brings {@link Raft} to Orrery. */
public final class RaftProtocol implements ProtocolProvider {
    /**
     * Of the kinds of messages {@code vote} and {@code voted} elect a leader; {@code append} brings entries to a follower, or is a
     * heartbeat, {@code appended} answers it, {@code commit} tells what is committed; {@code snapshot} brings what the
     * leader's log no longer has, {@code taken} answers it; {@code forward} hands a write to the leader; {@code ask} wants
     * to know what a read must see, {@code index} tells it.
     */
    private static final Vocabulary VOCABULARY = Vocabulary.of(
                    List.of(
                            "vote",
                            "voted",
                            "append",
                            "appended",
                            "commit",
                            "snapshot",
                            "taken",
                            "forward",
                            "ask",
                            "index"),
                    RaftMessage.class,
                    RaftEntry.class)
            .on(new Vocabulary(
                    List.of(),
                    List.of(),
                    List.of(LogEntry.Command.class, LogEntry.Begun.class, LogEntry.Admitted.class)));

    public static final ProtocolType TYPE = new ProtocolType(
                    "raft",
                    "replicas elect a leader, and go on when it fails; a write returns when a majority has it",
                    VOCABULARY,
                    Raft::new)
            .promising(Promises.toMoving("linearizable", "converged"))
            .led(ProtocolType.Leadership.ELECTED)
            .comparing()
            .remembering()
            .withOptions(RaftOptions.ELECTION_TIMEOUT, RaftOptions.HEARTBEAT, RaftOptions.SNAPSHOT_THRESHOLD)
            .checked(new SelfChecks(
                    List.of(Raft.TERMS, Raft.COMMITTED),
                    settings -> settings.replicas().size() / 2 + 1));

    @Override
    public int contract() {
        return CONTRACT;
    }

    @Override
    public List<ProtocolType> protocols() {
        return List.of(TYPE);
    }
}
