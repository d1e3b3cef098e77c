package io.orrery.protocol.singleleader;

import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
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

    Reads(
            ReplicaSettings settings,
            Level level,
            Effects effects,
            Replication replication,
            PendingForwards pendingForwards,
            Ordering ordering,
            SessionTokens tokens) {
        this.level = level;
        this.leads = settings.options().get(ProtocolOptions.LEADER).equals(settings.self());
        this.isAlone = settings.peers().isEmpty();
        this.effects = effects;
        this.replication = replication;
        this.pendingForwards = pendingForwards;
        this.ordering = ordering;
        this.tokens = tokens;
    }

    /** A client reads. Returns whether others have been asked for the position, who may not hear it. */
    boolean read(Request request) {
        boolean isToAsk = level.read() == Level.Read.AFTER_LEADER && !isAlone;
        if (isToAsk) {
            pendingForwards.read(request);
        } else if (level.read() == Level.Read.AFTER_SESSION) {
            serveAfterSession(request);
        } else {
            serve(request);
        }
        return isToAsk;
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
            Outcome outcome = shown(found);
            ordering.whenAFollowerHas(found, request::isOpen, () -> effects.reply(request, outcome));
        } else {
            serve(request);
        }
    }

    private void serve(Request request) {
        effects.reply(request, shown(replication.get(request.operation().key())));
    }

    private Outcome shown(StoredWrite found) {
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
            Outcome outcome = shown(found);
            ordering.whenSafe(found, request::isOpen, () -> effects.reply(request, outcome));
        } else {
            serve(request);
        }
    }
}
