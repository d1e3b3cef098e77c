package io.orrery.protocol.singleleader;

import io.orrery.model.Limits;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.kit.Unanswered;
import io.orrery.protocol.singleleader.LeaderEntry.Handed;
import io.orrery.protocol.singleleader.LeaderEntry.Settled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The writes and reads that a replica has brought before the leader and that are not answered yet. They are sent again
 * until they are, or until nobody waits for them any more; the leader knows again what it has had. The leader brings its own
 * reads before its followers: each of them would know if another process had taken its place.
 */
final class Handover {
    /** What may wait for the leader: a leader that is away for long leaves no more than that. */
    static final long MOST_BYTES = Limits.WAITING_BYTES;

    /** No more is sent again at once: what fits on a link, and leaves room there. */
    static final long MOST_BYTES_AGAIN = 4 << 20;

    /**
     * @param caller which start of this replica took it
     * @param leaderThen the start of the leader that was known then
     * @param request null for one that was answered at once
     */
    private record Write(Origin caller, Optional<Origin> leaderThen, Request request, Operation operation) {
        /** A write that was answered at once must arrive; another only as long as somebody waits for it. */
        boolean isWanted() {
            return request == null || request.isOpen();
        }
    }

    private final NodeId leader;
    private final boolean leads;
    /** Who is asked for the position: the leader; by the leader itself, its followers. */
    private final List<NodeId> asked;

    private final Effects effects;
    /** This start of the replica; null until it has started. */
    private Origin self;

    private final Unanswered<Write> writes =
            new Unanswered<>(write -> write.operation().bytes());
    /** Reads have numbers of their own: they would else use up the window of the writes. */
    private final Unanswered<Request> reads = new Unanswered<>();

    Handover(ReplicaSettings settings, Effects effects) {
        this.leader = settings.options().get(ProtocolOptions.LEADER);
        this.leads = leader.equals(settings.self());
        this.asked = leads ? settings.peers() : List.of(leader);
        this.effects = effects;
    }

    void recover(Handed handed) {
        writes.restore(
                handed.number(), new Write(handed.caller().orElse(null), Optional.empty(), null, handed.operation()));
    }

    void recover(Settled settled) {
        writes.remove(settled.number());
        writes.used(settled.number());
    }

    void start(Origin start) {
        self = start;
        // Of the first format.
        new TreeMap<>(writes.open()).forEach((number, write) -> {
            if (write.caller() == null) {
                writes.restore(number, new Write(self, Optional.empty(), null, write.operation()));
            }
        });
    }

    boolean isEmpty() {
        return writes.isEmpty() && reads.isEmpty();
    }

    /** Whether no more writes may be handed over for now. */
    boolean isFull() {
        return writes.window() >= LeaderEntry.WINDOW || writes.bytes() >= MOST_BYTES;
    }

    /**
     * Hands a write to the leader, and remembers who waits for it.
     *
     * @param leaderNow the start of the leader, as far as it is known
     */
    void write(Request request, Optional<Origin> leaderNow) {
        send(new Write(self, leaderNow, request, request.operation()));
    }

    /** Hands a write to the leader that must arrive, whatever happens. */
    void writeForSure(Operation operation) {
        effects.persist(new Handed(Optional.of(self), writes.next(), operation));
        send(new Write(self, Optional.empty(), null, operation));
    }

    /** This replica leads now: passes on what it had to bring before another leader, and has that settled. */
    void takeBack(Consumer<Operation> action) {
        for (long number : List.copyOf(writes.open().keySet())) {
            action.accept(writes.remove(number).operation());
            effects.persist(new Settled(number));
        }
    }

    private void send(Write write) {
        sendAgain(writes.add(write), write);
    }

    private void sendAgain(long number, Write write) {
        effects.send(
                leader,
                new LeaderMessage.Forward(
                        write.caller(), number, settled(write.caller()), write.leaderThen(), write.operation()));
    }

    /** All up to this number has an answer, of what a start took. */
    private long settled(Origin caller) {
        for (Map.Entry<Long, Write> write : writes.open().entrySet()) {
            if (write.getValue().caller().equals(caller)) {
                return write.getKey() - 1;
            }
        }
        return 0;
    }

    /** Asks for the position, for a read. */
    void read(Request request) {
        ask(reads.add(request));
    }

    private void ask(long read) {
        for (NodeId replica : asked) {
            effects.send(replica, new LeaderMessage.AskPosition(self, read));
        }
    }

    /** The leader has a write. Returns who waits for it; null when nobody does. */
    Request written(Origin caller, long number) {
        Write write = writes.get(number);
        if (write == null || !write.caller().equals(caller)) {
            return null;
        }
        writes.remove(number);
        if (write.request() == null) {
            effects.persist(new Settled(number));
        }
        return write.request();
    }

    /** A position has been told for a read. Returns who waits for it; null when nobody does. */
    Request positioned(Origin caller, long number) {
        return caller.equals(self) ? reads.remove(number) : null;
    }

    /** Remembers what has been handed over until now. */
    void mark() {
        writes.mark();
        reads.mark();
    }

    /** Sends again what was handed over before the mark and has no answer; what came later may have one under way. */
    void resendMarked() {
        forgetUnwanted();
        resend(writes.beforeMark(), reads.beforeMark());
    }

    /** Sends again all that has no answer. */
    void resend() {
        forgetUnwanted();
        resend(writes.open(), reads.open());
    }

    private void forgetUnwanted() {
        writes.removeIf(write -> !write.isWanted());
        reads.removeIf(request -> !request.isOpen());
    }

    /** The oldest first and not too much at once. */
    private void resend(SortedMap<Long, Write> someWrites, SortedMap<Long, Request> someReads) {
        long again = 0;
        for (Map.Entry<Long, Write> write : someWrites.entrySet()) {
            // What was handed to another leader waits here until this one takes it back.
            if (leads || again >= MOST_BYTES_AGAIN) {
                break;
            }
            again += write.getValue().operation().bytes();
            sendAgain(write.getKey(), write.getValue());
        }
        someReads.keySet().forEach(this::ask);
    }
}
