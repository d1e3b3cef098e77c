package io.orrery.protocol.multimaster;

import io.orrery.clock.LamportClock;
import io.orrery.model.Key;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Dependency;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.Write;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Causal consistency by explicit dependencies (COPS). A write carries its Lamport version and the nearest dependencies of
 * the client's session: the versions of the keys that the client read or wrote since its last write. A replica holds it
 * back until it shows each of them or a later one. Concurrent writes to a key are decided by their versions.
 *
 * <p>A session is those nearest dependencies; a replica that does not show them yet makes the client wait, so a client
 * may change replicas.
 *
 * <p>Source: Lloyd, Freedman, Kaminsky and Andersen, "Don't Settle for Eventual: Scalable Causal Consistency for
 * Wide-Area Storage with COPS", SOSP 2011; the lab "Causal consistency with clients".
 */
public final class Cops extends MultiMaster {
    public static final ProtocolType TYPE = new ProtocolType(
            "cops",
            "every replica takes writes; each is shown when what its client had seen before it is",
            Replication.KINDS,
            Cops::new);

    /** A session that names more versions than this lets go of those that every replica has. */
    private static final int LONG_SESSION = 32;

    private final LamportClock clock = new LamportClock();

    public Cops(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    @Override
    protected Version nextVersion() {
        return new Version(clock.tick(), settings.origin());
    }

    @Override
    public void applying(Write write) {
        clock.receive(write.version().counter());
    }

    @Override
    protected Dependencies dependencies(String session) {
        return demands(session);
    }

    @Override
    protected Dependencies demands(String session) {
        if (session.isEmpty()) {
            return Dependencies.NONE;
        }
        Map<Key, Version> seen = read(session);
        return new Dependencies.Nearest(seen.entrySet().stream()
                .map(entry -> new Dependency.AtLeast(entry.getKey(), entry.getValue()))
                .toList());
    }

    @Override
    protected String afterReading(String session, Write seen) {
        if (seen == null) {
            return session;
        }
        Map<Key, Version> versions = session.isEmpty() ? new TreeMap<>() : read(session);
        versions.merge(seen.key(), seen.version(), (one, other) -> one.compareTo(other) >= 0 ? one : other);
        if (versions.size() > LONG_SESSION) {
            versions.entrySet().removeIf(entry -> isEverywhere(entry.getKey(), entry.getValue()));
        }
        return write(versions);
    }

    /** What every replica has applied nobody needs to wait for (COPS, section 5.2, garbage collection). */
    private boolean isEverywhere(Key key, Version version) {
        Write shown = replication.get(key);
        return shown != null && shown.version().equals(version) && replication.isStable(shown);
    }

    // The write depends on all that the session had seen, so it stands for all of it.
    @Override
    protected String afterWriting(String session, Write made) {
        Map<Key, Version> last = new TreeMap<>();
        last.put(made.key(), made.version());
        return write(last);
    }

    private static String write(Map<Key, Version> versions) {
        StringJoiner token = new StringJoiner(",");
        versions.forEach((key, version) -> token.add(URLEncoder.encode(key.name(), StandardCharsets.UTF_8) + ":"
                + version.counter() + "@" + version.origin()));
        return token.toString();
    }

    private static Map<Key, Version> read(String token) {
        Map<Key, Version> versions = new TreeMap<>();
        try {
            for (String part : List.of(token.split(",", -1))) {
                int colon = part.indexOf(':');
                Key key = Key.of(URLDecoder.decode(part.substring(0, colon), StandardCharsets.UTF_8));
                versions.put(key, Version.parse(part.substring(colon + 1)));
            }
            return versions;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a session token of this store: \"" + token + "\"");
        }
    }

    @Override
    public long durableClock() {
        return clock.time();
    }

    @Override
    protected void recoverClock(long time) {
        clock.recover(time);
    }

    @Override
    public Object clock() {
        return clock.time();
    }
}
