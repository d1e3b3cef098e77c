package io.orrery.cluster;

import io.orrery.model.NodeId;

/**
 * A member of the cluster, as one node sees it.
 *
 * @param node which replica it runs
 * @param address where it is reached by the other nodes, {@code host:port}
 * @param status Pekko's word for how far it has come: {@code joining}, {@code weakly-up}, {@code up}, {@code leaving},
 *     {@code exiting}, {@code down}
 * @param isCurrent whether it is the latest that runs this replica: one that came back at another address is a member beside
 *     what it was before, until that is removed
 */
public record MemberState(NodeId node, String address, String status, boolean reachable, boolean isCurrent) {
    /** Whether it has come all the way in; while another is not reached, Pekko lets a member be up weakly. */
    public boolean isUp() {
        return status.equals("up") || status.equals("weakly-up");
    }
}
