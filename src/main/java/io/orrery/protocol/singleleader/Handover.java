package io.orrery.protocol.singleleader;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Request;
import io.orrery.protocol.singleleader.LeaderEntry.Handed;
import io.orrery.protocol.singleleader.LeaderEntry.Settled;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The writes and reads that a replica has brought before the leader and that are not answered yet. They are sent again
 * until they are, or until nobody waits for them any more; the leader knows again what it has had.
 */
final class Handover {
    /** What may wait for the leader: a leader that is away for long leaves no more than that. */
    static final long MOST_BYTES = 32 << 20;

    /** No more is sent again at once: what fits on a link, and leaves room there. */
    static final long MOST_BYTES_AGAIN = 4 << 20;

    private record Write(Request request, Operation operation) {
        /** A write that was answered at once must arrive; another only as long as somebody waits for it. */
        boolean isWanted() {
            return request == null || request.isOpen();
        }
    }

    private final Origin self;
    private final NodeId leader;
    private final Effects effects;
    private final NavigableMap<Long, Write> writes = new TreeMap<>();
    private long bytes;
    private final NavigableMap<Long, Request> reads = new TreeMap<>();
    private long nextNumber = 1;
    /** Reads have numbers of their own: they would else use up the window of the writes. */
    private long nextRead = 1;
    /** What had been handed over when {@link #mark} was called last: all below these numbers. */
    private long markedWrites;

    private long markedReads;

    Handover(Origin self, NodeId leader, Effects effects) {
        this.self = self;
        this.leader = leader;
        this.effects = effects;
    }

    void recover(Handed handed) {
        keep(handed.number(), new Write(null, handed.operation()));
        nextNumber = Math.max(nextNumber, handed.number() + 1);
    }

    void recover(Settled settled) {
        forget(settled.number());
        nextNumber = Math.max(nextNumber, settled.number() + 1);
    }

    /**
     * @param keepsNumbers whether all numbers of writes are in the journal; else those of earlier lives are left behind
     * @param firstNumber from here on no earlier life has used one
     */
    void start(boolean keepsNumbers, long firstNumber) {
        if (!keepsNumbers) {
            nextNumber = firstNumber;
        }
        nextRead = firstNumber;
        resend();
    }

    boolean isEmpty() {
        return writes.isEmpty() && reads.isEmpty();
    }

    /** Whether no more writes may be handed over for now. */
    boolean isFull() {
        return !writes.isEmpty() && (nextNumber - writes.firstKey() >= LeaderEntry.WINDOW || bytes >= MOST_BYTES);
    }

    /** Hands a write to the leader, and remembers who waits for it. */
    void write(Request request) {
        send(nextNumber++, new Write(request, request.operation()));
    }

    /** Hands a write to the leader that must arrive, whatever happens. */
    void writeForSure(Operation operation) {
        effects.persist(new Handed(nextNumber, operation));
        send(nextNumber++, new Write(null, operation));
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
        send(number, write.operation());
    }

    private void send(long number, Operation operation) {
        effects.send(leader, new LeaderMessage.Forward(self, number, writes.firstKey() - 1, operation));
    }

    /** Asks the leader for its position, for a read. */
    void read(Request request) {
        long number = nextRead++;
        reads.put(number, request);
        effects.send(leader, new LeaderMessage.AskPosition(self, number));
    }

    /** The leader has a write. Returns who waits for it; null when nobody does. */
    Request written(long number) {
        Write write = forget(number);
        if (write != null && write.request() == null) {
            effects.persist(new Settled(number));
        }
        return write == null ? null : write.request();
    }

    /** The leader has told its position for a read. Returns who waits for it; null when nobody does. */
    Request positioned(long number) {
        return reads.remove(number);
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
            if (again >= MOST_BYTES_AGAIN) {
                break;
            }
            again += write.getValue().operation().bytes();
            send(write.getKey(), write.getValue().operation());
        }
        reads.headMap(readsBelow)
                .keySet()
                .forEach(number -> effects.send(leader, new LeaderMessage.AskPosition(self, number)));
    }
}
