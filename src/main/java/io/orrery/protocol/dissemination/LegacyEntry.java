package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.NodeId;

/** Entries of the first format of data directories that later ones do not need: they are read and ignored. */
sealed interface LegacyEntry extends ReplicationEntry {
    @Override
    default Object slot() {
        return "obsolete";
    }

    @JsonTypeName("seal")
    record Seal(NodeId node, long incarnation) implements LegacyEntry {}

    @JsonTypeName("restored")
    record Restored(long incarnation) implements LegacyEntry {}

    @JsonTypeName("life")
    record Life(long count) implements LegacyEntry {}
}
