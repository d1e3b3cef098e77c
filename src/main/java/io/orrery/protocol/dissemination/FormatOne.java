package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.NodeId;

/** What the first format of data directories kept besides, and no later one needs: it is read, and passed over. */
sealed interface FormatOne extends ReplicationEntry {
    @Override
    default Object slot() {
        return "obsolete";
    }

    @JsonTypeName("seal")
    record Seal(NodeId node, long incarnation) implements FormatOne {}

    @JsonTypeName("restored")
    record Restored(long incarnation) implements FormatOne {}

    @JsonTypeName("life")
    record Life(long count) implements FormatOne {}
}
