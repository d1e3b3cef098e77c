package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.network.Fault;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import io.orrery.replica.ReplicaActor;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replicas without a world, to which inputs are given one by one, and the oracles that look at them after each. There is no
 * time: what replicas send and which timers they set is dropped, and each entry is on disk at once.
 *
 * <p>Not thread-safe.
 */
public final class WatchedReplicas {
    private final Oracles oracles;
    private final WorldObserver told;
    private final ProtocolType watched;
    private final Map<NodeId, ReplicaSettings> settings = new TreeMap<>();
    private final Map<NodeId, List<JournalEntry>> disks = new HashMap<>();
    private final Map<NodeId, Protocol> running = new TreeMap<>();
    private long requests;

    /** @param invariants names of {@link Oracles#withoutTime} */
    public WatchedReplicas(ProtocolType type, List<ReplicaSettings> replicas, Collection<String> invariants) {
        oracles = new Oracles(type, invariants, 1);
        told = oracles.observer();
        watched = oracles.watched();
        for (ReplicaSettings replica : replicas) {
            settings.put(replica.self(), replica);
            disks.put(replica.self(), new ArrayList<>());
        }
    }

    /** A replica starts from what its disk has. */
    public void start(NodeId at, Start start) {
        Protocol protocol = watched.create(settings.get(at), new Told(at));
        List.copyOf(disks.get(at)).forEach(protocol::recover);
        running.put(at, protocol);
        told.started(at, start.incarnation(), protocol);
        protocol.start(start);
    }

    /** The replicas have started and met. */
    public void begin() {
        oracles.lookAt(new Stage());
    }

    /** A message arrives. It is lost if the replica does not run. */
    public void message(NodeId at, NodeId from, Message message) {
        if (running.containsKey(at)) {
            running.get(at).message(from, message);
        }
    }

    public void timer(NodeId at, Timer timer) {
        if (running.containsKey(at)) {
            running.get(at).timer(timer);
        }
    }

    /** A client asks. */
    public void request(NodeId at, String client, Operation operation, String session) {
        told.invoked(client, at, operation);
        if (running.containsKey(at)) {
            ReplicaActor.ClientRequest message =
                    new ReplicaActor.ClientRequest(++requests, client, operation, session, null);
            told.received(at, message);
            running.get(at).request(new Asked(message));
        }
    }

    /** A replica ends, and its disk is emptied if this is a wipe. A restart has to be followed by a {@link #start}. */
    public void strike(Fault.OfReplica fault) {
        told.faulted(fault);
        if (running.remove(fault.replica()) != null) {
            told.stopped(fault.replica());
        }
        if (fault instanceof Fault.Wipe) {
            disks.get(fault.replica()).clear();
        }
    }

    /** All is over, and each replica has had all messages. */
    public void rest() {
        oracles.rest();
    }

    /** What did not hold until now; of each invariant the first time. */
    public List<Breach> breaches() {
        return oracles.breaches();
    }

    private static final class Asked implements Request {
        private final ReplicaActor.ClientRequest message;
        private boolean isOpen = true;

        Asked(ReplicaActor.ClientRequest message) {
            this.message = message;
        }

        @Override
        public Operation operation() {
            return message.operation();
        }

        @Override
        public String session() {
            return message.session();
        }

        @Override
        public boolean isOpen() {
            return isOpen;
        }
    }

    /** Tells the oracles what a replica does. */
    private final class Told extends NoEffects {
        private final NodeId self;

        Told(NodeId self) {
            this.self = self;
        }

        @Override
        public void persist(JournalEntry entry) {
            disks.get(self).add(entry);
        }

        @Override
        public void reply(Request request, Outcome outcome) {
            Asked asked = (Asked) request;
            if (asked.isOpen) {
                asked.isOpen = false;
                told.answered(self, asked.message, outcome);
            }
        }

        @Override
        public void applied(Update update) {
            told.applied(self, update);
        }

        @Override
        public void buffered(Update update, String waitsFor) {
            told.buffered(self, update, () -> waitsFor);
        }

        @Override
        public void superseded(Update update, Update by) {
            told.superseded(self, update, by);
        }
    }

    private final class Stage implements Scene {
        @Override
        public List<NodeId> replicas() {
            return List.copyOf(settings.keySet());
        }

        @Override
        public ReplicaSettings settings(NodeId replica) {
            return settings.get(replica);
        }

        @Override
        public Map<NodeId, ReplicaView> views() {
            return Collections.unmodifiableMap(running);
        }

        @Override
        public List<Disk> disks(NodeId replica) {
            return List.of(action -> List.copyOf(disks.get(replica)).forEach(action));
        }

        @Override
        public boolean isDurable(NodeId replica) {
            return true;
        }

        @Override
        public boolean mayKeepInCrash() {
            return false;
        }
    }
}
