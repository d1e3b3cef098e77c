package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** One start of a replica, with all that it has recovered and kept: of each slot the last entry, as a journal may forget others. */
final class Life {
    private final ProtocolType type;
    private final ReplicaSettings settings;
    private final int number;
    private final Map<Object, JournalEntry> journal = new LinkedHashMap<>();
    private Protocol protocol;
    private ReplicaView view;
    private boolean hasStarted;
    private long kept;

    Life(ProtocolType type, ReplicaSettings settings, int number) {
        this.type = type;
        this.settings = settings;
        this.number = number;
    }

    NodeId replica() {
        return settings.self();
    }

    ReplicaSettings settings() {
        return settings;
    }

    /** Which of all starts of the world it is. */
    int number() {
        return number;
    }

    Protocol protocol() {
        return protocol;
    }

    /** @param seenAs what the world is given to look at */
    void lives(Protocol by, ReplicaView seenAs) {
        protocol = by;
        view = seenAs;
    }

    /** Whether it is the process that observers were given this view of. */
    boolean isSeenAs(ReplicaView other) {
        return view == other;
    }

    boolean hasStarted() {
        return hasStarted;
    }

    void started() {
        hasStarted = true;
    }

    /** How many entries it has kept. */
    long kept() {
        return kept;
    }

    void keeps(JournalEntry entry) {
        kept++;
        Object slot = entry.slot();
        journal.remove(slot);
        journal.put(slot, entry);
    }

    /** What it has recovered and kept, in the order of a journal. */
    void forEachKept(Consumer<JournalEntry> action) {
        journal.values().forEach(action);
    }

    /** A replica of the same settings that has started from these entries, and reaches nobody. */
    Protocol replayed(Iterable<JournalEntry> entries, Unheard effects) {
        Protocol replayed = type.create(settings, effects);
        entries.forEach(replayed::recover);
        replayed.start(new Start(0, new UUID(-1, number)));
        return replayed;
    }

    /** The same, from all that this life has recovered and kept. */
    Protocol replayed(Unheard effects) {
        return replayed(journal.values(), effects);
    }
}
