package io.orrery.history;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Records the operations of clients as a history, event by event.
 *
 * <p>A process of a history has one operation open at a time, and none after an operation with unknown outcome. So a
 * client continues under a new name, {@code alice/2} after {@code alice}, when an operation ended unknown or when it
 * invokes a second one before the first has returned. Not thread-safe.
 */
public final class Recorder {
    private final Consumer<Event> sink;
    private long syncs;
    /** The largest number of processes of a forgotten client. */
    private int forgotten;

    /** @param sink takes each event as it happens: the order of the calls is the real-time order */
    public Recorder(Consumer<Event> sink) {
        this.sink = sink;
    }

    /** A new client. Clients of one recorder have unique names. */
    public Client client(String name) {
        // Slashes in a name are doubled, so that no name equals the continuation of another.
        return new Client(name.replace("/", "//"));
    }

    /** Forgets a client. A later client of the same name continues with new process names, as this one would have. */
    public void forget(Client client) {
        forgotten = Math.max(forgotten, client.processes);
    }

    /** A client that invokes one operation after another. */
    public final class Client {
        private final String name;
        /** The processes of this client that are free, the one used last first. */
        private final Deque<String> free = new ArrayDeque<>();

        private int processes = forgotten;

        private Client(String name) {
            this.name = name;
        }

        /** The client invokes an operation. */
        public Asked asks(long nanos, NodeId via, Operation operation) {
            boolean byHand = operation instanceof Operation.HandMadeWrite;
            String process = byHand ? "sync/" + ++syncs : free.isEmpty() ? next() : free.pop();
            Event invocation = invocation(nanos, process, operation).at(via);
            sink.accept(invocation);
            return new Asked(invocation, byHand ? null : this);
        }

        private String next() {
            return ++processes == 1 ? name : name + "/" + processes;
        }
    }

    /** An operation that has not returned. */
    public final class Asked {
        private final Event invocation;
        private final Client client;

        private Asked(Event invocation, Client client) {
            this.invocation = invocation;
            this.client = client;
        }

        /** The operation returns; called at most once. */
        public void returns(long nanos, Outcome outcome) {
            Event end = end(nanos, outcome);
            sink.accept(end);
            if (client != null && end.type() != Event.Type.INFO) {
                client.free.push(invocation.process());
            }
        }

        private Event end(long nanos, Outcome outcome) {
            if (outcome instanceof Outcome.Refused refused) {
                return invocation.fail(nanos, refused.detail());
            }
            if (outcome instanceof Outcome.Unknown unknown) {
                return invocation.info(nanos, unknown.detail());
            }
            if (outcome instanceof Outcome.Mismatch mismatch) {
                return invocation.compared(nanos, false, mismatch.version().orElse(null));
            }
            Outcome.Done done = (Outcome.Done) outcome;
            if (done.status() == Outcome.Status.BUFFERED) {
                return invocation.info(nanos, "buffered: it is shown when what it depends on is there");
            }
            Event.Function f = invocation.f();
            if (f == Event.Function.CAS) {
                return invocation.compared(nanos, true, done.version().orElse(null));
            }
            return Event.ok(
                            nanos,
                            invocation.process(),
                            f,
                            invocation.key(),
                            f == Event.Function.READ ? done.value().orElse(null) : invocation.value(),
                            done.version().orElse(null))
                    .at(invocation.node());
        }
    }

    private static Event invocation(long nanos, String process, Operation operation) {
        if (operation instanceof Operation.Read read) {
            return Event.invokeRead(nanos, process, read.key());
        }
        if (operation instanceof Operation.Write write) {
            return Event.invokeWrite(nanos, process, write.key(), write.value());
        }
        if (operation instanceof Operation.Delete delete) {
            return Event.invokeDelete(nanos, process, delete.key());
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            return Event.invokeCasOf(
                    nanos,
                    process,
                    cas.key(),
                    cas.expected().orElse(null),
                    cas.value().orElse(null));
        }
        // A write made by hand stands for one of a replica, and belongs to no client's session.
        Operation.HandMadeWrite handMadeWrite = (Operation.HandMadeWrite) operation;
        return Event.invokeWrite(nanos, process, handMadeWrite.key(), handMadeWrite.value());
    }
}
