package io.orrery.protocol.singleleader;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.kit.SessionTokens;
import io.orrery.protocol.singleleader.LeaderMessage.AskPosition;
import io.orrery.protocol.singleleader.LeaderMessage.Position;
import java.util.Optional;
import java.util.function.Consumer;

/** Serves reads, by the replica that was asked and as its level says: at once, after its session, or after the leader. */
final class Reads {
    private final Level level;
    private final boolean leads;
    private final boolean isAlone;
    private final Effects effects;
    private final Replication replication;
    private final PendingForwards pendingForwards;
    private final Ordering ordering;
    private final SessionTokens tokens;
    private final Consumer<Request> tryAgain;

    /** @param tryAgain a compare-and-set that a replica declined would match now */
    Reads(
            ReplicaSettings settings,
            Level level,
            Effects effects,
            Replication replication,
            PendingForwards pendingForwards,
            Ordering ordering,
            SessionTokens tokens,
            Consumer<Request> tryAgain) {
        this.level = level;
        this.leads = settings.options().get(ProtocolOptions.LEADER).equals(settings.self());
        this.isAlone = settings.peers().isEmpty();
        this.effects = effects;
        this.replication = replication;
        this.pendingForwards = pendingForwards;
        this.ordering = ordering;
        this.tokens = tokens;
        this.tryAgain = tryAgain;
    }

    /** A client reads. Returns whether others have been asked for the position, who may not hear it. */
    boolean read(Request request) {
        boolean isToAsk = level.read() == Level.Read.AFTER_LEADER && !isAlone;
        if (isToAsk) {
            readAfterLeader(request);
        } else if (level.read() == Level.Read.AFTER_SESSION) {
            serveAfterSession(request);
        } else {
            serve(request);
        }
        return isToAsk;
    }

    /** A client is to see all that the leader had ordered by now. */
    void readAfterLeader(Request request) {
        pendingForwards.read(request);
    }

    private void serveAfterSession(Request request) {
        VersionVector seen;
        try {
            seen = tokens.read(request.session());
        } catch (IllegalArgumentException e) {
            effects.reply(request, new Outcome.Refused(Outcome.Reason.INVALID, e.getMessage()));
            return;
        }
        replication.whenMet(new Dependencies.Past(seen), request, () -> serveWhenItStays(request));
    }

    /** What a leader shows that does not confirm alone may be void, if another process takes its place. */
    private void serveWhenItStays(Request request) {
        if (leads && ordering.followersNeeded() > 0) {
            StoredWrite found = replication.get(request.operation().key());
            Outcome.Done outcome = shown(found);
            ordering.whenAFollowerHas(found, request::isOpen, () -> answer(request, outcome));
        } else {
            serve(request);
        }
    }

    private void serve(Request request) {
        answer(request, shown(replication.get(request.operation().key())));
    }

    private void answer(Request request, Outcome.Done read) {
        if (!(request.operation() instanceof Operation.CompareAndSet cas)) {
            effects.reply(request, read);
        } else if (cas.matches(read.version(), read.value().isEmpty())) {
            tryAgain.accept(request);
        } else {
            effects.reply(request, Outcome.Mismatch.of(read));
        }
    }

    private Outcome.Done shown(StoredWrite found) {
        Optional<Version> version = Optional.ofNullable(found).map(StoredWrite::version);
        return new Outcome.Done(replication.valueOf(found), version, Outcome.Status.APPLIED, sessionNow());
    }

    /** The session of a client that has seen what is here now; empty for a level without sessions. */
    String sessionNow() {
        return level.read() == Level.Read.AFTER_SESSION ? tokens.of(replication.known()) : "";
    }

    /** Another replica wants to know what this one has. */
    void asked(NodeId from, AskPosition ask) {
        if (leads) {
            ordering.whenWholeIfRoom(0, () -> tellPosition(from, ask));
        } else if (replication.isCurrent(ask.caller())) {
            tellPosition(from, ask);
        }
    }

    private void tellPosition(NodeId to, AskPosition ask) {
        effects.send(to, new Position(replication.origin(), ask.caller(), ask.number(), replication.known()));
    }

    /** A replica has told what it has, for a read of this one. */
    void positioned(Position position) {
        Request request = replication.isCurrent(position.by())
                ? pendingForwards.positioned(position.caller(), position.number())
                : null;
        if (request != null && request.isOpen()) {
            Dependencies seen = new Dependencies.Past(position.known());
            replication.whenMet(seen, request, () -> serveWhenSafe(request));
        }
    }

    private void serveWhenSafe(Request request) {
        if (leads) {
            StoredWrite found = replication.get(request.operation().key());
            // What the key shows by then may be a later write that is not safe yet.
            Outcome.Done outcome = shown(found);
            ordering.whenSafe(found, request::isOpen, () -> answer(request, outcome));
        } else {
            serve(request);
        }
    }
}
