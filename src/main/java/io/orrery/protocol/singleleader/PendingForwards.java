package io.orrery.protocol.singleleader;

import io.orrery.model.Limits;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.kit.UnansweredRequests;
import io.orrery.protocol.singleleader.LeaderEntry.Handed;
import io.orrery.protocol.singleleader.LeaderEntry.Settled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The writes and reads that a replica has forwarded to the leader and that are not answered yet. They are resent until
 * they are answered or no longer open; the leader recognises duplicates. The leader forwards its own reads to its
 * followers, each of which would know if another process had replaced it.
 */
final class PendingForwards {
    /** The limit of writes that wait for an absent leader. */
    static final long MOST_BYTES = Limits.WAITING_BYTES;

    /** The limit of one resend, which leaves room on the link. */
    static final long MOST_BYTES_AGAIN = 4 << 20;

    /**
     * @param caller which start of this replica took it
     * @param leaderThen the start of the leader that was known then
     * @param numberThen its number; 0 for none
     * @param request null for one that was answered at once
     */
    private record Write(
            Origin caller, Optional<Origin> leaderThen, long numberThen, Request request, Operation operation) {
        /** One that was answered at once: the leader orders it, and twice rather than never. */
        static Write thatMustArrive(Origin caller, Operation operation) {
            return new Write(caller, Optional.empty(), 0, null, operation);
        }

        /** A write that was answered at once must arrive; any other only while its request is open. */
        boolean isWanted() {
            return request == null || request.isOpen();
        }
    }

    private final NodeId leader;
    private final boolean leads;
    /** Whom to ask for the position: the leader; the leader itself asks its followers. */
    private final List<NodeId> asked;

    private final Effects effects;
    /** This start of the replica; null until it has started. */
    private Origin self;

    private final UnansweredRequests<Write> writes =
            new UnansweredRequests<>(write -> write.operation().bytes());
    /** Reads have separate numbers, so that they do not use up the window of writes. */
    private final UnansweredRequests<Request> reads = new UnansweredRequests<>();

    PendingForwards(ReplicaSettings settings, Effects effects) {
        this.leader = settings.options().get(ProtocolOptions.LEADER);
        this.leads = leader.equals(settings.self());
        this.asked = leads ? settings.peers() : List.of(leader);
        this.effects = effects;
    }

    void recover(Handed handed) {
        writes.restore(handed.number(), Write.thatMustArrive(handed.caller().orElse(null), handed.operation()));
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
                writes.restore(number, Write.thatMustArrive(self, write.operation()));
            }
        });
    }

    boolean isEmpty() {
        return writes.isEmpty() && reads.isEmpty();
    }

    /** Whether no more writes may be forwarded for now. */
    boolean isFull() {
        return writes.window() >= LeaderEntry.WINDOW || writes.bytes() >= MOST_BYTES;
    }

    /**
     * Hands a write to the leader, and remembers who waits for it.
     *
     * @param leaderNow the start of the leader, as far as it is known
     * @param numberNow its number; 0 for none
     */
    void write(Request request, Optional<Origin> leaderNow, long numberNow) {
        send(new Write(self, leaderNow, numberNow, request, request.operation()));
    }

    /** Forwards a write that must arrive, even after a crash. */
    void writeForSure(Operation operation) {
        effects.persist(new Handed(Optional.of(self), writes.next(), operation));
        send(Write.thatMustArrive(self, operation));
    }

    /** This replica leads now: takes back and settles the writes that it had to forward to another leader. */
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
                        write.caller(),
                        number,
                        settled(write.caller()),
                        write.leaderThen(),
                        Optional.of(write.numberThen()),
                        write.operation()));
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

    /** The leader has a write. Returns the request that waits for it; null if there is none. */
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

    /** A position has arrived for a read. Returns the request that waits for it; null if there is none. */
    Request positioned(Origin caller, long number) {
        return caller.equals(self) ? reads.remove(number) : null;
    }

    /** Marks all that has been forwarded until now. */
    void mark() {
        writes.mark();
        reads.mark();
    }

    /** Resends what was forwarded before the mark and has no answer; for later ones an answer may be in flight. */
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

    /** All accepted writes up to this number have been answered by the leader. */
    long settledUpTo() {
        return writes.oldest() - 1;
    }

    void inspect(Inspection inspection) {
        long accepted = 0;
        long wanted = 0;
        for (Write write : writes.open().values()) {
            accepted += write.request() == null ? 1 : 0;
            wanted += write.isWanted() ? 1 : 0;
        }
        inspection.accepted(accepted);
        inspection.keeps("writes without an answer of the leader", writes.window(), LeaderEntry.WINDOW);
        inspection.owes("writes without an answer of the leader", wanted);
        inspection.owes(
                "reads without a position",
                reads.open().values().stream().filter(Request::isOpen).count());
    }
}
