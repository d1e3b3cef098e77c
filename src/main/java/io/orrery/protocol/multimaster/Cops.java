package io.orrery.protocol.multimaster;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Preconditions;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Dependency.Made;
import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.dissemination.StoredWrite;
import io.orrery.protocol.dissemination.Write;
import io.orrery.protocol.kit.RecentTokens;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Causal consistency by explicit dependencies (COPS). A write carries its Lamport version and the nearest dependencies
 * of the client's session: the writes that the client saw since its last write, and that one. A replica buffers it
 * until it has applied each of them, or a superseding write. Concurrent writes to a key are decided by their versions.
 *
 * <p>A session is those nearest dependencies; a replica that has not applied them yet makes the client wait, so a
 * client may change replicas.
 *
 * <p>Source: Lloyd, Freedman, Kaminsky and Andersen, "Don't Settle for Eventual: Scalable Causal Consistency for
 * Wide-Area Storage with COPS", SOSP 2011; the lab "Causal consistency with clients".
 */
public final class Cops extends LamportVersioned {
    public static final ProtocolType TYPE = new ProtocolType(
                    "cops",
                    "every replica takes writes; each is shown when what its client had seen before it is",
                    Replication.VOCABULARY,
                    Cops::new)
            .checked(MultiMaster.SELF_CHECKS)
            .promising(Promises.toMoving("causal-ccv", "converged"));

    /** A session with more writes than this drops those that every replica has. */
    private static final int MANY_WRITES = 32;

    /** So does a session with a longer token, because it travels in a header and keys can be long. */
    static final int LONG_TOKEN = 4 << 10;

    /** What the last session token said, the write that was read with it, and the token after that: many reads are alike. */
    private String lastSession = "";

    private Dependencies lastDemanded = Dependencies.NONE;
    private StoredWrite lastSeen;
    private String lastToken;
    private final RecentTokens<Dependencies> tokensOfWrites = new RecentTokens<>();

    public Cops(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
    }

    @Override
    protected Dependencies dependencies(Dependencies demanded) {
        return demanded;
    }

    @Override
    protected Dependencies demands(String session) {
        if (!session.equals(lastSession)) {
            Dependencies given = tokensOfWrites.find(session);
            lastDemanded = given == null ? parse(session) : given;
            lastSession = session;
            lastToken = null;
        }
        return lastDemanded;
    }

    private Dependencies parse(String session) {
        return session.isEmpty() ? Dependencies.NONE : new Dependencies.Nearest(read(session));
    }

    @Override
    protected String afterReading(Dependencies demanded, StoredWrite seen) {
        boolean isLikeTheLast = demanded == lastDemanded && seen == lastSeen && lastToken != null;
        return isLikeTheLast ? lastToken : tokenAfter(demanded, seen);
    }

    private String tokenAfter(Dependencies demanded, StoredWrite seen) {
        List<Made> now =
                new ArrayList<>(demanded instanceof Dependencies.Nearest nearest ? nearest.writes() : List.of());
        if (seen != null && !now.contains(Made.by(seen))) {
            // What the write that was read depends on comes with it. An earlier version of the key stays, unless it is
            // among that: of two concurrent writes the later one knows nothing of what the other depends on.
            if (seen.dependencies() instanceof Dependencies.Nearest nearest) {
                now.removeAll(nearest.writes());
            }
            now.add(Made.by(seen));
        }
        String token = write(now);
        boolean isLong = now.size() > MANY_WRITES || token.length() > LONG_TOKEN;
        if (!isLong && demanded == lastDemanded) {
            lastSeen = seen;
            lastToken = token;
        }
        // No replica needs to wait for what every replica has applied (COPS, section 5.2, garbage collection).
        return isLong && now.removeIf(it -> replication.isStable(it.dot())) ? write(now) : token;
    }

    // The write depends on all that the session had seen, so it replaces all of it.
    @Override
    protected String afterWriting(Write made) {
        List<Made> nearest = List.of(Made.by(made));
        String token = write(nearest);
        tokensOfWrites.add(token, new Dependencies.Nearest(nearest));
        return token;
    }

    private static String write(List<Made> writes) {
        StringBuilder token = new StringBuilder();
        for (Made it : writes) {
            token.append(token.isEmpty() ? "" : ",")
                    .append(encode(it.key().name()))
                    .append(':')
                    .append(it.version().text())
                    .append(':')
                    .append(it.sequence());
        }
        return token.toString();
    }

    private List<Made> read(String token) {
        List<Made> writes = new ArrayList<>();
        try {
            for (String part : token.split(",", -1)) {
                String[] fields = part.split(":", -1);
                long sequence = Long.parseLong(fields[2]);
                Preconditions.require(fields.length == 3 && sequence >= 1, () -> "a write is KEY:VERSION:SEQUENCE");
                Made made = new Made(Key.of(decode(fields[0])), Version.parse(fields[1]), sequence);
                NodeId maker = made.dot().origin().node();
                Preconditions.require(
                        settings.replicas().contains(maker), () -> maker + " is none of " + settings.replicas());
                made.check(plausibilityCheck);
                writes.add(made);
            }
            return writes;
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
}
