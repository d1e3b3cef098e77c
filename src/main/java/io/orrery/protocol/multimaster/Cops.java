package io.orrery.protocol.multimaster;

import io.orrery.clock.LamportClock;
import io.orrery.model.Key;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Dependency.AtLeast;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.Write;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
    protected Dependencies dependencies(Dependencies demanded) {
        return demanded;
    }

    @Override
    protected Dependencies demands(String session) {
        return session.isEmpty() ? Dependencies.NONE : new Dependencies.Nearest(read(session));
    }

    @Override
    protected String afterReading(Dependencies demanded, Write seen) {
        List<AtLeast> versions = demanded instanceof Dependencies.Nearest nearest ? nearest.versions() : List.of();
        if (seen == null || versions.contains(new AtLeast(seen.key(), seen.version()))) {
            return write(versions);
        }
        List<AtLeast> now = new ArrayList<>(versions);
        // What was demanded of the key has been applied, so what has been read is no older.
        now.removeIf(earlier -> earlier.key().equals(seen.key()));
        now.add(new AtLeast(seen.key(), seen.version()));
        if (now.size() > LONG_SESSION) {
            now.removeIf(this::isEverywhere);
        }
        return write(now);
    }

    /** What every replica has applied nobody needs to wait for (COPS, section 5.2, garbage collection). */
    private boolean isEverywhere(AtLeast seen) {
        Write shown = replication.get(seen.key());
        return shown != null && shown.version().equals(seen.version()) && replication.isStable(shown);
    }

    // The write depends on all that the session had seen, so it stands for all of it.
    @Override
    protected String afterWriting(Write made) {
        return write(List.of(new AtLeast(made.key(), made.version())));
    }

    private static String write(List<AtLeast> versions) {
        StringBuilder token = new StringBuilder();
        for (AtLeast version : versions) {
            token.append(token.isEmpty() ? "" : ",")
                    .append(encode(version.key().name()))
                    .append(':')
                    .append(version.version());
        }
        return token.toString();
    }

    private static List<AtLeast> read(String token) {
        List<AtLeast> versions = new ArrayList<>();
        try {
            for (String part : token.split(",", -1)) {
                int colon = part.indexOf(':');
                versions.add(new AtLeast(
                        Key.of(decode(part.substring(0, colon))), Version.parse(part.substring(colon + 1))));
            }
            return versions;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a session token of this store: \"" + token + "\"");
        }
    }

    // Most keys are plain, and encoding them would take longer than the rest of the operation.
    private static String encode(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')) {
                return URLEncoder.encode(key, StandardCharsets.UTF_8);
            }
        }
        return key;
    }

    private static String decode(String text) {
        boolean isPlain = text.indexOf('%') < 0 && text.indexOf('+') < 0;
        return isPlain ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
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
