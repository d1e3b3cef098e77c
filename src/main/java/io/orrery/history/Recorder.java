package io.orrery.history;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Makes a history of what clients ask and what they are told, event by event.
 *
 * <p>A process of a history has one operation open at a time, and none after one that nobody knows the end of. So a
 * client goes on under a further name, {@code alice/2} after {@code alice}, when an operation of it ended unknown, and
 * when it asks for a second thing before the first has returned. Not for several threads at once.
 */
public final class Recorder {
    private final Consumer<Event> sink;
    private long syncs;
    /** How many processes a client that was forgotten has had, at the most. */
    private int forgotten;

    /** @param sink takes each event as it happens: the order of the calls is the real-time order */
    public Recorder(Consumer<Event> sink) {
        this.sink = sink;
    }

    /** A client that has not asked for anything yet. Clients of one recorder have names of their own. */
    public Client client(String name) {
        // Of a name's own slashes each becomes two, so that no client is called what another goes on as.
        return new Client(name.replace("/", "//"));
    }

    /**
     * Keeps nothing of a client any more. Another one may come under its name: it goes on under further names, as this one
     * would have.
     */
    public void forget(Client client) {
        forgotten = Math.max(forgotten, client.processes);
    }

    /** Someone whose operations follow each other. */
    public final class Client {
        private final String name;
        /** The processes of this client that are free, the one used last first. */
        private final Deque<String> free = new ArrayDeque<>();

        private int processes = forgotten;

        private Client(String name) {
            this.name = name;
        }

        /** The client asks a replica. */
        public Asked asks(long nanos, NodeId via, Operation operation) {
            boolean byHand = operation instanceof Operation.Sync;
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

        /** The operation returns: to be called once at the most. */
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
            Outcome.Done done = (Outcome.Done) outcome;
            if (done.status() == Outcome.Status.BUFFERED) {
                return invocation.info(nanos, "buffered: it is shown when what it depends on is there");
            }
            Event.Function f = invocation.f();
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
        // What is written by hand comes from a replica, as it were, and belongs to the session of no client.
        Operation.Sync sync = (Operation.Sync) operation;
        return Event.invokeWrite(nanos, process, sync.key(), sync.value());
    }
}
