package io.orrery.protocol.singleleader;

import io.orrery.model.Limits;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.singleleader.LeaderEntry.Handed;
import io.orrery.protocol.singleleader.LeaderEntry.Settled;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
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

    private final NavigableMap<Long, Write> writes = new TreeMap<>();
    private long bytes;
    private final NavigableMap<Long, Request> reads = new TreeMap<>();
    private long nextNumber = 1;
    /** Reads have numbers of their own: they would else use up the window of the writes. */
    private long nextRead = 1;
    /** What had been handed over when {@link #mark} was called last: all below these numbers. */
    private long markedWrites;

    private long markedReads;

    Handover(ReplicaSettings settings, Effects effects) {
        this.leader = settings.options().get(ProtocolOptions.LEADER);
        this.leads = leader.equals(settings.self());
        this.asked = leads ? settings.peers() : List.of(leader);
        this.effects = effects;
    }

    void recover(Handed handed) {
        keep(handed.number(), new Write(handed.caller().orElse(null), Optional.empty(), null, handed.operation()));
        nextNumber = Math.max(nextNumber, handed.number() + 1);
    }

    void recover(Settled settled) {
        forget(settled.number());
        nextNumber = Math.max(nextNumber, settled.number() + 1);
    }

    void start(Origin start) {
        self = start;
        writes.replaceAll((number, write) ->
                write.caller() == null ? new Write(self, Optional.empty(), null, write.operation()) : write);
    }

    boolean isEmpty() {
        return writes.isEmpty() && reads.isEmpty();
    }

    /** Whether no more writes may be handed over for now. */
    boolean isFull() {
        return !writes.isEmpty() && (nextNumber - writes.firstKey() >= LeaderEntry.WINDOW || bytes >= MOST_BYTES);
    }

    /**
     * Hands a write to the leader, and remembers who waits for it.
     *
     * @param leaderNow the start of the leader, as far as it is known
     */
    void write(Request request, Optional<Origin> leaderNow) {
        send(nextNumber++, new Write(self, leaderNow, request, request.operation()));
    }

    /** Hands a write to the leader that must arrive, whatever happens. */
    void writeForSure(Operation operation) {
        effects.persist(new Handed(Optional.of(self), nextNumber, operation));
        send(nextNumber++, new Write(self, Optional.empty(), null, operation));
    }

    /** This replica leads now: passes on what it had to bring before another leader, and has that settled. */
    void takeBack(Consumer<Operation> action) {
        for (long number : List.copyOf(writes.keySet())) {
            action.accept(forget(number).operation());
            effects.persist(new Settled(number));
        }
    }

    private void keep(long number, Write write) {
        writes.put(number, write);
        bytes += write.operation().bytes();
    }

    private Write forget(long number) {
        Write write = writes.remove(number);
        bytes -= write == null ? 0 : write.operation().bytes();
        return write;
    }

    private void send(long number, Write write) {
        keep(number, write);
        sendAgain(number, write);
    }

    private void sendAgain(long number, Write write) {
        effects.send(
                leader,
                new LeaderMessage.Forward(
                        write.caller(), number, settled(write.caller()), write.leaderThen(), write.operation()));
    }

    /** All up to this number has an answer, of what a start took. */
    private long settled(Origin caller) {
        for (Map.Entry<Long, Write> write : writes.entrySet()) {
            if (write.getValue().caller().equals(caller)) {
                return write.getKey() - 1;
            }
        }
        return 0;
    }

    /** Asks for the position, for a read. */
    void read(Request request) {
        long number = nextRead++;
        reads.put(number, request);
        ask(number);
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
        forget(number);
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
        markedWrites = nextNumber;
        markedReads = nextRead;
    }

    /** Sends again what was handed over before the mark and has no answer; what came later may have one under way. */
    void resendMarked() {
        resend(markedWrites, markedReads);
    }

    /** Sends again all that has no answer. */
    void resend() {
        resend(nextNumber, nextRead);
    }

    /** The oldest first and not too much at once; what nobody waits for is forgotten. */
    private void resend(long writesBelow, long readsBelow) {
        writes.entrySet().stream()
                .filter(it -> !it.getValue().isWanted())
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::forget);
        reads.values().removeIf(request -> !request.isOpen());
        long again = 0;
        for (Map.Entry<Long, Write> write : writes.headMap(writesBelow).entrySet()) {
            // What was handed to another leader waits here until this one takes it back.
            if (leads || again >= MOST_BYTES_AGAIN) {
                break;
            }
            again += write.getValue().operation().bytes();
            sendAgain(write.getKey(), write.getValue());
        }
        reads.headMap(readsBelow).keySet().forEach(this::ask);
    }
}
