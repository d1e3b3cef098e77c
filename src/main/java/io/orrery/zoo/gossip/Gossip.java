package io.orrery.zoo.gossip;

import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import io.orrery.zoo.kit.SmallReplica;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A causally consistent store in which each replica takes writes: Lamport's clocks say which of two writes is the last, and
 * vectors say which writes one may depend on. A write that comes too early is buffered. Replicas compare what they have now and
 * then, and send each other what is missing.
 *
 * <p>Sources: Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 1978; Birman, Schiper and
 * Stephenson, "Lightweight Causal and Atomic Group Multicast", TOCS 1991.
 */
class Gossip extends SmallReplica<Write> {
    static final ProtocolType TYPE = new ProtocolType(
                    "zoo-gossip",
                    "every replica takes writes; causal, and all agree in the end",
                    Vocabulary.of(List.of("spread", "compare", "missed"), GossipMessage.class, Write.class),
                    Gossip::new)
            .promising(Promises.toMoving("causal-ccv", "converged"));

    /** So many writes go into one message. */
    static final int BATCH = 3;

    private enum Alarm implements Timer {
        COMPARE
    }

    protected final Origin me;
    /** All writes, in the order in which they were applied here. */
    protected final Map<Dot, Write> log = new LinkedHashMap<>();

    protected VersionVector known = VersionVector.EMPTY;
    /** The highest Lamport time that was seen. */
    protected long time;

    protected final List<Write> buffer = new ArrayList<>();
    /** Requests of clients that have seen more than this replica has. */
    private final List<Request> waiting = new ArrayList<>();

    Gossip(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
        me = new Origin(self, 0);
    }

    @Override
    public void recover(JournalEntry entry) {
        Write write = (Write) entry;
        keep(write);
        witness(write);
    }

    @Override
    public void start(Start start) {
        effects.setTimer(Alarm.COMPARE, settings.tuning().antiEntropy());
    }

    @Override
    public void request(Request request) {
        if (request.operation() instanceof Operation.HandMadeWrite) {
            refuse(request, "it takes no writes made by hand");
        } else if (known.covers(seenBy(request))) {
            serve(request);
        } else {
            waiting.removeIf(it -> !it.isOpen());
            waiting.add(request);
        }
    }

    /** What the client has seen, here or elsewhere. */
    protected VersionVector seenBy(Request request) {
        VersionVector.Builder seen = new VersionVector.Builder();
        for (String part :
                request.session().isEmpty() ? new String[0] : request.session().split(",")) {
            String[] count = part.split(":");
            seen.add(Origin.parse(count[0]), Long.parseLong(count[1]));
        }
        return seen.build();
    }

    private String session() {
        List<String> counts = new ArrayList<>();
        known.forEach((origin, count) -> counts.add(origin.text() + ":" + count));
        return String.join(",", counts);
    }

    private void serve(Request request) {
        Key key = request.operation().key();
        if (request.operation() instanceof Operation.Read) {
            effects.reply(request, shown(read(key), session()));
            return;
        }
        Optional<Value> value =
                request.operation() instanceof Operation.Write write ? Optional.of(write.value()) : Optional.empty();
        write(request, new Write(key, value, nextVersion(key, value), known.get(me) + 1, dependencies()));
    }

    protected Update read(Key key) {
        return store.get(key);
    }

    protected Version nextVersion(Key key, Optional<Value> value) {
        return new Version(time + 1, me);
    }

    protected VersionVector dependencies() {
        return known;
    }

    protected void write(Request request, Write write) {
        apply(write);
        effects.reply(request, shown(write, session()));
        settings.peers().forEach(peer -> effects.send(peer, new GossipMessage.Spread(write)));
    }

    @Override
    public void message(NodeId from, Message message) {
        if (message instanceof GossipMessage.Spread spread) {
            receive(spread.write());
        } else if (message instanceof GossipMessage.Missed missed) {
            catchUp(missed.writes());
        } else if (message instanceof GossipMessage.Compare compare) {
            List<Write> lacks = lackedBy(compare.known());
            if (!lacks.isEmpty()) {
                effects.send(from, new GossipMessage.Missed(lacks));
            }
        }
        release();
        List<Request> able = waiting.stream()
                .filter(request -> known.covers(seenBy(request)))
                .toList();
        waiting.removeAll(able);
        able.stream().filter(Request::isOpen).forEach(this::serve);
    }

    protected List<Write> lackedBy(VersionVector theirs) {
        return log.values().stream()
                .filter(write -> !theirs.includes(write.dot()))
                .limit(BATCH)
                .toList();
    }

    protected void catchUp(Collection<Write> writes) {
        writes.forEach(this::receive);
    }

    protected void receive(Write write) {
        if (known.includes(write.dot())
                || buffer.stream().anyMatch(it -> it.dot().equals(write.dot()))) {
            return;
        }
        if (isReady(write)) {
            apply(write);
        } else if (buffer.size() < settings.tuning().buffer()) {
            buffer.add(write);
            effects.buffered(write, write.after().toString());
        }
    }

    /** Whether all that the write may depend on is applied. */
    protected boolean isReady(Write write) {
        return write.sequence() == known.get(write.version().origin()) + 1 && known.covers(write.after());
    }

    /** Applies what is buffered and has become ready, which may make more of it ready. */
    protected void release() {
        for (int i = 0; i < buffer.size(); i++) {
            if (known.includes(buffer.get(i).dot())) {
                buffer.remove(i--);
            } else if (isReady(buffer.get(i))) {
                apply(buffer.remove(i));
                i = -1;
            }
        }
    }

    protected void apply(Write write) {
        effects.persist(write);
        Write before = store.get(write.key());
        keep(write);
        witness(write);
        if (store.get(write.key()) == write) {
            effects.applied(write);
        } else {
            effects.superseded(write, before);
        }
    }

    /** Takes a write into the log and, unless a later one is there, into the store. */
    protected void keep(Write write) {
        log.put(write.dot(), write);
        known = known.with(write.version().origin(), write.sequence());
        Write before = store.get(write.key());
        if (before == null || replaces(write, before)) {
            store.put(write.key(), write);
        }
    }

    /** Lamport's clock: the next write here is later than what was seen. */
    protected void witness(Write write) {
        time = Math.max(time, write.version().counter());
    }

    protected boolean replaces(Write comes, Write shown) {
        return comes.version().compareTo(shown.version()) > 0;
    }

    @Override
    public void timer(Timer timer) {
        settings.peers().forEach(peer -> effects.send(peer, new GossipMessage.Compare(known)));
        effects.setTimer(Alarm.COMPARE, settings.tuning().antiEntropy());
    }

    @Override
    public long counted() {
        return time;
    }

    @Override
    protected VersionVector known() {
        return known;
    }

    @Override
    protected List<ReplicaStatus.Buffered> buffered() {
        return buffer.stream()
                .map(write -> new ReplicaStatus.Buffered(write, write.after().toString()))
                .toList();
    }
}
