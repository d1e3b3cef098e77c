package io.orrery.protocol.raft;

import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.kit.DuplicateFilter;
import io.orrery.protocol.kit.UnansweredRequests;
import io.orrery.protocol.raft.RaftMessage.Forward;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The writes of this replica's clients, handed to the leader and answered when they are applied here; at the leader, those of
 * others too.
 *
 * <p>A write is in the log once. It is handed to the leader of one term, which appends it once and in that term only. Once the
 * first entry of a later term is applied, whatever of the term is not applied by then never will be (paper, section 5.4.3),
 * and may be handed to the next leader.
 */
final class Writes {
    /** A write, and the term whose leader may have it: 0 for none. */
    private static final class Pending {
        private final Request request;
        private long term;

        Pending(Request request) {
            this.request = request;
        }
    }

    private final ReplicaSettings settings;
    private final Effects effects;
    private final Ballots ballots;
    private final Store store;
    private final Elections elections;
    private final Replication replication;
    private final UnansweredRequests<Pending> open = new UnansweredRequests<>();
    /** At the leader: what it has appended in its term, by the start of the replica that asked. */
    private final Map<Origin, DuplicateFilter<Boolean>> appended = new HashMap<>();

    private Origin origin;

    Writes(
            ReplicaSettings settings,
            Effects effects,
            Ballots ballots,
            Store store,
            Elections elections,
            Replication replication) {
        this.settings = settings;
        this.effects = effects;
        this.ballots = ballots;
        this.store = store;
        this.elections = elections;
        this.replication = replication;
    }

    void start(Origin begun) {
        origin = begun;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void request(Request request) {
        boolean isRepeated = store.remembered(request.id(), request.operation()).isPresent();
        long growth = isRepeated ? 0 : store.growth(request.operation());
        long limit = settings.tuning().storeBytes();
        if (growth > 0 && store.bytes() + growth > limit) {
            effects.reply(
                    request,
                    new Outcome.Refused(
                            Outcome.Reason.FULL,
                            "the store of replica " + settings.self() + " is full: it takes " + store.bytes() + " of "
                                    + limit + " bytes of memory (store-size), and this needs " + growth
                                    + " more; reads and deletes of what is there go on"));
            return;
        }
        Pending pending = new Pending(request);
        submit(open.add(pending), pending);
    }

    private void submit(long number, Pending pending) {
        if (!pending.request.isOpen()) {
            open.remove(number); // Its client has given up, and no leader has it.
        } else if (elections.isLeader()) {
            if (replication.hasRoom()) {
                pending.term = ballots.term();
                replication.append(origin, number, pending.request.id(), pending.request.operation());
            }
        } else if (elections.leader() != null) {
            pending.term = ballots.term();
            forward(number, pending);
        }
    }

    private void forward(long number, Pending pending) {
        effects.send(
                elections.leader(),
                new Forward(
                        pending.term,
                        origin,
                        number,
                        open.oldest(),
                        pending.request.id(),
                        pending.request.operation()));
    }

    /** Another replica leads: what no leader has yet is for this one. */
    void leaderChanged() {
        appended.clear();
        List.copyOf(open.open().entrySet()).forEach(write -> {
            if (write.getValue().term == 0) {
                submit(write.getKey(), write.getValue());
            }
        });
    }

    void mark() {
        open.mark();
    }

    /** What has not been answered for a while may have been lost. */
    void resend() {
        open.removeIf(write -> !write.request.isOpen());
        for (long number : List.copyOf(open.beforeMark().keySet())) {
            Pending write = open.get(number);
            if (write == null) {
                continue; // The one before it has been applied, and this one with it.
            }
            if (write.term == 0) {
                submit(number, write);
            } else if (write.term == ballots.term() && elections.leader() != null && !elections.isLeader()) {
                forward(number, write);
            }
        }
    }

    /** A replica has handed a write to this one, as the leader of a term. */
    void forwarded(Forward forward) {
        if (!elections.isLeader() || forward.term() != ballots.term()) {
            return;
        }
        DuplicateFilter<Boolean> caller = appended.computeIfAbsent(forward.caller(), start -> new DuplicateFilter<>());
        caller.settle(forward.oldest() - 1);
        if (caller.isNew(forward.number()) && replication.hasRoom()) {
            caller.put(forward.number(), true);
            replication.append(forward.caller(), forward.number(), forward.request(), forward.operation());
        }
    }

    void applied(LogEntry entry) {
        if (entry instanceof LogEntry.Command command && command.caller().equals(origin)) {
            Pending write = open.remove(command.number());
            if (write != null) {
                effects.reply(write.request, store.outcome(command));
            }
        } else if (entry instanceof LogEntry.Begun begun) {
            List.copyOf(open.open().entrySet()).forEach(write -> {
                if (write.getValue().term < begun.term()) {
                    write.getValue().term = 0;
                    submit(write.getKey(), write.getValue());
                }
            });
        }
    }

    /**
     * Entries were applied that this replica has not seen. Whether its writes are among them the snapshot tells of those with an
     * id, which may come later otherwise; of the others nobody can tell.
     */
    void skipped() {
        List.copyOf(open.open().entrySet()).forEach(write -> {
            Request request = write.getValue().request;
            Optional<Outcome> outcome = request.id().isPresent()
                    ? store.remembered(request.id(), request.operation())
                    : Optional.of(new Outcome.Unknown(
                            "the replica was behind, and has taken a snapshot in which the write may be"));
            if (write.getValue().term != 0 && outcome.isPresent()) {
                open.remove(write.getKey());
                effects.reply(request, outcome.get());
            }
        });
    }
}
