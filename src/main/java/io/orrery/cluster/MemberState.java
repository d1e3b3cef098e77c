package io.orrery.cluster;

import io.orrery.model.NodeId;

/**
 * A node of the cluster, as another one sees it.
 *
 * @param node which replica it runs
 * @param address where it is reached by the other nodes, {@code host:port}
 * @param status {@code up} where there is a way to it, {@code unreachable} where there is none any more, and {@code
 *     kept-out} where it does not belong together with this one
 */
public record MemberState(NodeId node, String address, String status) {
    static final String UP = "up";
    static final String UNREACHABLE = "unreachable";
    static final String KEPT_OUT = "kept-out";

    /** Whether there is a way to it now. */
    public boolean reachable() {
        return status.equals(UP);
    }
}
