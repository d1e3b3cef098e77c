package io.orrery.zoo.majority;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Start;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import io.orrery.zoo.kit.SmallReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Registers that a majority keeps. Each operation asks a majority for its copies, and has a majority keep the copy that it ends
 * with: a write one that is later than all it has seen, a read the latest that it has seen. So any minority may be away, and
 * nobody waits for a leader.
 *
 * <p>Sources: Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems", JACM 1995; for several writers
 * Lynch and Shvartsman, "Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts", FTCS 1997.
 */
class Majority extends SmallReplica<Copy> {
    static final ProtocolType TYPE = new ProtocolType(
                    "zoo-majority",
                    "a majority keeps each register, without a leader; linearizable",
                    Vocabulary.of(List.of("query", "state", "store", "stored"), MajorityMessage.class, Copy.class),
                    Majority::new)
            .promising(Promises.toMoving("linearizable"))
            .checked(new SelfChecks(List.of(), settings -> settings.replicas().size() / 2 + 1));

    private enum Alarm implements Timer {
        RESEND
    }

    /** An operation under way. */
    protected static final class Running {
        private final Request request;
        /** What a majority is to keep; null in the first phase. */
        private Copy stores;
        /** The latest copy that was seen; null where there is none. */
        Copy latest;
        /** How many have answered in this phase with that copy. */
        int withLatest;

        final Set<NodeId> answered = new TreeSet<>();
        /** How many answers there were in this phase. */
        int answers;

        private Running(Request request) {
            this.request = request;
        }

        boolean isRead() {
            return request.operation() instanceof Operation.Read;
        }

        /** Whether a write has the first answer to what it asks. */
        boolean isFirstOfAWrite() {
            return !isRead() && stores == null && answers == 1;
        }
    }

    /** Tells this start from all others. */
    protected String life = "";
    /** Whose versions are those of this start. */
    protected Origin me;

    private long phases;
    private final Map<Long, Running> running = new TreeMap<>();
    /** The highest counter of a version that this start has given. */
    protected long given;

    private boolean isArmed;

    Majority(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
        me = new Origin(self, 0);
    }

    @Override
    public void recover(JournalEntry entry) {
        Copy copy = (Copy) entry;
        store.put(copy.key(), copy);
    }

    @Override
    public void start(Start start) {
        life = start.id().toString();
        me = originOf(start);
    }

    /** An earlier start may have given versions that this one will not hear of. */
    protected Origin originOf(Start start) {
        return new Origin(self, start.incarnation(), 0, start.id());
    }

    @Override
    public void request(Request request) {
        if (request.operation() instanceof Operation.HandMadeWrite) {
            refuse(request, "it takes no writes made by hand");
        } else {
            begin(new Running(request));
        }
    }

    protected void begin(Running operation) {
        next(operation);
    }

    /** Begins a phase. */
    private void next(Running operation) {
        operation.answered.clear();
        operation.answers = 0;
        operation.withLatest = 0;
        long number = ++phases;
        running.put(number, operation);
        send(number, operation);
        arm();
    }

    private void send(long number, Running operation) {
        MajorityMessage.Phase phase = new MajorityMessage.Phase(life, number);
        MajorityMessage message = operation.stores == null
                ? new MajorityMessage.Query(phase, operation.request.operation().key())
                : new MajorityMessage.Store(phase, operation.stores);
        for (NodeId replica : settings.replicas()) {
            if (!operation.answered.contains(replica)) {
                send(replica, message);
            }
        }
    }

    private void send(NodeId to, MajorityMessage message) {
        if (to.equals(self)) {
            message(self, message);
        } else {
            effects.send(to, message);
        }
    }

    @Override
    public void message(NodeId from, Message message) {
        if (message instanceof MajorityMessage.Query query) {
            send(from, new MajorityMessage.State(query.phase(), lookup(query.about())));
        } else if (message instanceof MajorityMessage.State state) {
            answered(from, state.phase(), state.copy());
        } else if (message instanceof MajorityMessage.Store wanted) {
            keep(from, wanted);
        } else if (message instanceof MajorityMessage.Stored stored) {
            answered(from, stored.phase(), Optional.empty());
        }
    }

    protected void keep(NodeId from, MajorityMessage.Store wanted) {
        take(wanted.copy());
        send(from, new MajorityMessage.Stored(wanted.phase()));
    }

    protected final void take(Copy copy) {
        Copy before = store.get(copy.key());
        if (before == null || copy.version().compareTo(before.version()) > 0) {
            effects.persist(copy);
            store.put(copy.key(), copy);
            effects.applied(copy);
        }
    }

    private void answered(NodeId from, MajorityMessage.Phase phase, Optional<Copy> copy) {
        long number = matching(phase);
        Running operation = running.get(number);
        if (operation == null) {
            return;
        }
        if (operation.answered.add(from)) {
            count(operation, copy);
        }
        operation.answers++;
        if (isEnough(operation)) {
            running.remove(number);
            ended(operation);
        }
    }

    /** The number of this start's phase that an answer belongs to; 0 for none. */
    protected long matching(MajorityMessage.Phase phase) {
        return phase.life().equals(life) ? phase.number() : 0;
    }

    /** The number of the first phase that is under way; 0 for none. */
    protected final long oldest() {
        return running.keySet().stream().findFirst().orElse(0L);
    }

    private void count(Running operation, Optional<Copy> copy) {
        if (operation.stores != null) {
            return;
        }
        Copy seen = copy.orElse(null);
        int order = seen == null
                ? operation.latest == null ? 0 : -1
                : operation.latest == null ? 1 : seen.version().compareTo(operation.latest.version());
        if (order > 0) {
            operation.latest = seen;
            operation.withLatest = 1;
        } else if (order == 0) {
            operation.withLatest++;
        }
    }

    protected boolean isEnough(Running operation) {
        return operation.answered.size() > settings.replicas().size() / 2;
    }

    private void ended(Running operation) {
        if (operation.stores != null) {
            effects.reply(operation.request, shown(operation.stores, ""));
        } else if (!operation.isRead()) {
            Optional<Value> value = operation.request.operation() instanceof Operation.Write write
                    ? Optional.of(write.value())
                    : Optional.empty();
            store(operation, new Copy(operation.request.operation().key(), value, nextVersion(operation.latest)));
        } else if (operation.latest == null || !writesBack(operation)) {
            effects.reply(operation.request, shown(operation.latest, ""));
        } else {
            store(operation, operation.latest);
        }
    }

    /** Whether a read has a majority keep what it returns. */
    protected boolean writesBack(Running read) {
        return true;
    }

    protected final void store(Running operation, Copy copy) {
        operation.stores = copy;
        next(operation);
    }

    /** Later than what was seen, and than what this start has given: two writes may be under way at once. */
    protected Version nextVersion(Copy latest) {
        given = Math.max(given, latest == null ? 0 : latest.version().counter()) + 1;
        return new Version(given, me);
    }

    private void arm() {
        if (!isArmed && !running.isEmpty()) {
            isArmed = true;
            effects.setTimer(Alarm.RESEND, settings.tuning().patience());
        }
    }

    @Override
    public void timer(Timer timer) {
        isArmed = false;
        running.values().removeIf(operation -> !operation.request.isOpen());
        new ArrayList<>(running.entrySet()).forEach(entry -> send(entry.getKey(), entry.getValue()));
        arm();
    }

    @Override
    public long counted() {
        return store.values().stream()
                .mapToLong(copy -> copy.version().counter())
                .max()
                .orElse(0);
    }

    /** Nobody counts writes. */
    @Override
    protected VersionVector known() {
        return VersionVector.EMPTY;
    }
}
