package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ReplicaSettings;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who the replicas are. The latest configuration in the log is in use, committed or not (dissertation, section 4.1); before the
 * first there is that with which the deployment began.
 */
final class Configurations {
    private final Effects effects;
    private final NodeId self;
    /** Those in the log after the snapshot. */
    private final NavigableMap<Long, Configuration> logged = new TreeMap<>();
    /** That before the first of these. */
    private Configuration base;

    private long keptBase;
    private long committed;
    private Configuration current;
    private List<NodeId> voters;
    private boolean isVoter;

    Configurations(ReplicaSettings settings, Effects effects) {
        this.effects = effects;
        this.self = settings.self();
        this.base = Configuration.first(settings.replicas());
        this.keptBase = -1;
        use();
    }

    void recover(RaftEntry.Members entry) {
        base = entry.configuration();
        keptBase = base.index();
        use();
    }

    /** An entry of the log has been found on disk. */
    void recover(LogEntry.Configured entry) {
        logged.put(entry.index(), entry.configuration());
        use();
    }

    /** The log is recovered, and it is known up to where it is committed. */
    void start(long commit) {
        committed(commit);
        if (current.index() > committed) {
            effects.configured(current, false);
        }
    }

    /** That in use. */
    Configuration current() {
        return current;
    }

    /** Those of whom a majority decides now. */
    List<NodeId> voters() {
        return voters;
    }

    int majority() {
        return voters.size() / 2 + 1;
    }

    /** Whether this replica is one of them. */
    boolean isVoter() {
        return isVoter;
    }

    boolean isCommitted() {
        return current.index() <= committed;
    }

    /**
     * Whether this replica may lead. One that an entry removes, and that does not know whether the entry is committed, may be the
     * only one that can (dissertation, section 4.2.2).
     */
    boolean mayLead() {
        return isVoter || !isCommitted() && at(current.index() - 1).hasVoter(self);
    }

    private Configuration at(long index) {
        return Optional.ofNullable(logged.floorEntry(index))
                .map(entry -> entry.getValue())
                .orElse(base);
    }

    /** The configuration at an entry, for a snapshot; empty where none was ever in the log. */
    Optional<Configuration> inSnapshot(long index) {
        return Optional.of(at(index)).filter(it -> it.index() > 0);
    }

    void appended(LogEntry.Configured entry) {
        if (keptBase < 0) {
            keepBase(); // From now on the disk says who they are, and no longer the deployment.
        }
        logged.put(entry.index(), entry.configuration());
        use();
        effects.configured(current, false);
    }

    /** An entry of the log and all after it are gone. */
    void truncated(long from) {
        if (current.index() >= from) {
            logged.tailMap(from, true).clear();
            use();
            effects.configured(current, isCommitted());
        }
    }

    /** All up to this entry is committed. */
    void committed(long index) {
        Configuration latest = at(index);
        if (latest.index() > committed) {
            committed = latest.index();
            effects.configured(latest, true);
        }
    }

    /** The snapshot on disk is of this entry from now on. */
    void compacted(long index) {
        Configuration at = at(index);
        logged.headMap(index, true).clear();
        setBase(at);
    }

    /** The snapshot of a leader has taken the place of the log up to this entry, or of all of it. */
    void replaced(long index, Optional<Configuration> inSnapshot, boolean isAlone) {
        if (isAlone) {
            logged.clear();
        } else {
            logged.headMap(index, true).clear();
        }
        setBase(inSnapshot.orElse(base));
        committed(index);
    }

    private void setBase(Configuration next) {
        boolean isNews = next.index() != base.index();
        base = next;
        use();
        if (isNews) {
            keepBase();
        }
    }

    private void keepBase() {
        keptBase = base.index();
        effects.persist(new RaftEntry.Members(base));
    }

    private void use() {
        current = logged.isEmpty() ? base : logged.lastEntry().getValue();
        voters = current.voters();
        isVoter = voters.contains(self);
    }
}
