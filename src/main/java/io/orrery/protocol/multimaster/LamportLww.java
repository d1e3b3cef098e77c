package io.orrery.protocol.multimaster;

import io.orrery.clock.Dot;
import io.orrery.clock.LamportClock;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lamport clocks and last writer wins. Every replica takes writes, shows them at once and sends them to all others, which
 * show them when they arrive. Of two writes to a key the one with the higher Lamport time wins; at the same time, the one
 * of the alphabetically later node.
 *
 * <p>The events of the clock are writes and their arrivals; reads are none. Source: Lamport, CACM 1978; the lab "Logical
 * clocks and replication consistency".
 */
public final class LamportLww implements Protocol, Dissemination.Arrivals {
    public static final ProtocolType TYPE = new ProtocolType(
            "lamport-lww", "every replica takes writes; the highest Lamport timestamp wins", LamportLww::new);

    private final ReplicaSettings settings;
    private final Effects effects;
    private final LamportClock clock = new LamportClock();
    private final WriteStore store = new WriteStore();
    private final Dissemination dissemination;
    private long nextSequence;

    public LamportLww(ReplicaSettings settings, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.dissemination = new Dissemination(settings, effects, store, this);
    }

    @Override
    public void recover(JournalEntry entry) {
        if (entry instanceof Write write) {
            store.recover(write);
            clock.recover(write.version().counter());
        } else if (entry instanceof Progress progress) {
            store.recover(progress);
            clock.recover(progress.clock());
        } else if (entry instanceof Seal seal) {
            dissemination.recover(seal);
        } else {
            throw new IllegalArgumentException("not an entry of this protocol's journal: " + entry);
        }
    }

    @Override
    public void start() {
        store.recovered();
        nextSequence = store.nextSequence(settings.origin());
        dissemination.start();
    }

    @Override
    public void request(Request request) {
        Operation operation = request.operation();
        if (operation instanceof Operation.Read read) {
            Optional<Write> found = Optional.ofNullable(store.get(read.key()));
            effects.reply(request, done(found.flatMap(Write::value), found.map(Write::version)));
        } else if (operation instanceof Operation.Write write) {
            write(request, Optional.of(write.value()));
        } else if (operation instanceof Operation.Delete) {
            write(request, Optional.empty());
        } else {
            throw new IllegalArgumentException("not an operation of this protocol: " + operation);
        }
    }

    private void write(Request request, Optional<Value> value) {
        Version version = new Version(clock.tick(), settings.origin());
        Dot dot = new Dot(settings.origin(), nextSequence++);
        Write write = new Write(dot, request.operation().key(), value, version);
        take(write);
        dissemination.push(write);
        effects.reply(request, done(value, Optional.of(version)));
    }

    @Override
    public void arrived(Write write) {
        clock.receive(write.version().counter());
        take(write);
    }

    private void take(Write write) {
        Write newer = store.take(write);
        if (newer == null) {
            effects.persist(write);
        }
        persistProgress(write.dot().origin());
        if (newer == null) {
            effects.applied(write);
        } else {
            effects.superseded(write, newer);
        }
    }

    @Override
    public void covered(Range range) {
        if (store.cover(range)) {
            persistProgress(range.origin());
        }
    }

    private void persistProgress(Origin origin) {
        effects.persist(new Progress(origin, store.prefix(origin), clock.time()));
    }

    @Override
    public void message(NodeId from, Message message) {
        dissemination.message(from, message);
    }

    @Override
    public void timer(Timer timer) {
        dissemination.timer(timer);
    }

    @Override
    public void reachable(NodeId peer) {
        dissemination.reachable(peer);
    }

    @Override
    public Optional<Update> lookup(Key key) {
        return Optional.ofNullable(store.get(key));
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        store.forEach(action);
    }

    @Override
    public Object clock() {
        return clock.time();
    }

    @Override
    public ReplicaStatus status() {
        return new ReplicaStatus(
                clock.toString(), store.known(), store.keys(), store.tombstones(), List.of(), dissemination.lag());
    }

    private static Outcome done(Optional<Value> value, Optional<Version> version) {
        return new Outcome.Done(value, version, Outcome.Status.APPLIED, "");
    }
}
