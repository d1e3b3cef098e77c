package io.orrery.protocol.multimaster;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Preconditions;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.ReplicationListener;
import io.orrery.protocol.dissemination.StartRequirements;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.dissemination.Write;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The multi-master family: every replica takes writes, shows them at once and sends them to all others. Of two writes to a
 * key the one with the higher version wins, at every replica. What a protocol of the family chooses is the version of a
 * write, what the write depends on, and what a client's session demands.
 *
 * <p>Made to be extended, by protocols from outside too. The family brings: each write at every replica once, whatever is
 * lost, late, doubled or cut off; a number for each that no earlier life of the replica used; a write held back until what it
 * depends on is there; a request that waits for what its session has seen; a journal from which a replica comes back, and
 * peers from whom a wiped one does; a limit of memory. Its messages and journal entries are {@link Replication#VOCABULARY}.
 * The methods of a subclass are called one at a time, on the replica's thread, and keep to the rules of {@link Protocol}.
 */
public abstract class MultiMaster implements Protocol, ReplicationListener {
    /** What holds of a protocol of the family, for its {@link io.orrery.protocol.ProtocolType}. */
    public static final SelfChecks SELF_CHECKS = new SelfChecks(Replication.INVARIANTS, settings -> 1);

    protected final ReplicaSettings settings;
    protected final Replication replication;
    /** Checks session tokens and writes made by hand, like messages of peers. */
    protected final PlausibilityCheck plausibilityCheck;

    private final Effects effects;

    protected MultiMaster(ReplicaSettings settings, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.replication = new Replication(settings, effects, this, StartRequirements.NONE);
        this.plausibilityCheck = new PlausibilityCheck(settings, this);
    }

    /** The version of the next write of this replica: higher than all that it has applied. */
    protected abstract Version nextVersion();

    /**
     * What a write depends on.
     *
     * @param demanded what its session demands, which has been applied here
     */
    protected Dependencies dependencies(Dependencies demanded) {
        return Dependencies.NONE;
    }

    /**
     * What must have been applied here before a request of this session may be served.
     *
     * @throws IllegalArgumentException when the token is not one of this protocol's
     */
    protected Dependencies demands(String session) {
        return Dependencies.NONE;
    }

    /**
     * The session after it has read this write.
     *
     * @param demanded what the session demands, which has been applied here
     * @param seen null where it found nothing
     */
    protected String afterReading(Dependencies demanded, StoredWrite seen) {
        return "";
    }

    /** The session after it has made this write. */
    protected String afterWriting(Write made) {
        return "";
    }

    /**
     * The version that clients see: of two versions of a key the higher one is newer. Empty if versions do not tell
     * that.
     */
    protected Optional<Version> told(Version version) {
        return Optional.of(version);
    }

    /** Recovers the clock from a journal entry. */
    protected void recoverClock(long time) {}

    @Override
    public final void recover(JournalEntry entry) {
        boolean isKnown = replication.recover(entry);
        Preconditions.require(isKnown, () -> "not an entry of this protocol's journal: " + entry);
        recoverClock(entry instanceof StoredWrite write ? write.version().counter() : Replication.clockOf(entry));
    }

    @Override
    public final void start(Start start) {
        replication.start(start);
    }

    @Override
    public final void request(Request request) {
        replication.requireStarted();
        Dependencies demanded;
        try {
            demanded = demands(request.session());
        } catch (IllegalArgumentException e) {
            refuse(request, e.getMessage());
            return;
        }
        replication.whenMet(demanded, request, () -> serve(request, demanded));
    }

    private void serve(Request request, Dependencies demanded) {
        Operation operation = request.operation();
        if (operation instanceof Operation.Read read) {
            StoredWrite found = replication.get(read.key());
            String session = afterReading(demanded, found);
            Optional<Version> version = Optional.ofNullable(found).flatMap(it -> told(it.version()));
            reply(request, replication.valueOf(found), version, Outcome.Status.APPLIED, session);
        } else if (operation instanceof Operation.Write write) {
            write(request, Optional.of(write.value()), demanded);
        } else if (operation instanceof Operation.Delete) {
            write(request, Optional.empty(), demanded);
        } else if (operation instanceof Operation.HandMadeWrite handMadeWrite) {
            sync(request, handMadeWrite);
        }
    }

    private void write(Request request, Optional<Value> value, Dependencies demanded) {
        Key key = request.operation().key();
        Dependencies dependencies = dependencies(demanded);
        if (hasRoom(request, value, dependencies)) {
            Write write = replication.write(key, value, nextVersion(), dependencies);
            reply(request, value, told(write.version()), Outcome.Status.APPLIED, afterWriting(write));
        }
    }

    /** Whether there is room for a write; the request is refused where there is none. */
    protected final boolean hasRoom(Request request, Optional<Value> value, Dependencies dependencies) {
        Optional<String> lack = replication.lackOfRoom(request.operation().key(), value, dependencies);
        lack.ifPresent(why -> refuse(request, Outcome.Reason.FULL, why));
        return lack.isEmpty();
    }

    /** A write made by hand, as if a peer had sent it. Refused by most protocols. */
    protected void sync(Request request, Operation.HandMadeWrite handMadeWrite) {
        refuse(request, "this protocol takes no writes made by hand");
    }

    protected final void refuse(Request request, String why) {
        refuse(request, Outcome.Reason.INVALID, why);
    }

    protected final void refuse(Request request, Outcome.Reason reason, String why) {
        effects.reply(request, new Outcome.Refused(reason, why));
    }

    protected final void reply(
            Request request, Optional<Value> value, Optional<Version> version, Outcome.Status status, String session) {
        effects.reply(request, new Outcome.Done(value, version, status, session));
    }

    @Override
    public final void message(NodeId from, Message message) {
        replication.message(from, message);
    }

    @Override
    public final void timer(Timer timer) {
        replication.timer(timer);
    }

    @Override
    public final void reachable(NodeId peer) {
        replication.reachable(peer);
    }

    @Override
    public final ServiceStatus serviceStatus() {
        return replication.standing(List.of(
                ServiceStatus.Service.alone("local reads", ServiceStatus.Use.READS),
                ServiceStatus.Service.alone("writes", ServiceStatus.Use.WRITES)));
    }

    @Override
    public final void unreachable(NodeId peer) {
        replication.unreachable(peer);
    }

    @Override
    public final Optional<Update> lookup(Key key) {
        return replication.lookup(key);
    }

    @Override
    public final void forEach(Consumer<? super Update> action) {
        replication.forEach(action);
    }

    @Override
    public final long startsOf(NodeId replica) {
        return replication.startsOf(replica);
    }

    @Override
    public final ReplicaStatus status() {
        return replication.status(clock().toString());
    }

    /** A subclass with invariants of its own calls this one as well. */
    @Override
    public void inspect(Inspection inspection) {
        replication.inspect(inspection);
    }
}
