package io.orrery.protocol;

import io.orrery.model.NodeId;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The configuration as a replica knows it.
 *
 * @param isCommitted whether it stays, whoever fails
 * @param leader as far as it knows one
 * @param lacking how many entries of the log each of the others lacks; empty where this replica does not lead
 */
public record ConfigurationStatus(
        Configuration configuration, boolean isCommitted, Optional<NodeId> leader, SortedMap<NodeId, Long> lacking) {}
