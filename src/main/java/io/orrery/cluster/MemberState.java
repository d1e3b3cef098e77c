package io.orrery.cluster;

import io.orrery.model.NodeId;

/**
 * A member of the cluster, as one node sees it.
 *
 * @param node which replica it runs
 * @param address where it is reached by the other nodes, {@code host:port}
 * @param status Pekko's word for how far it has come: {@code joining}, {@code weakly-up}, {@code up}, {@code leaving},
 *     {@code exiting}, {@code down}
 */
public record MemberState(NodeId node, String address, String status, boolean reachable) {}
