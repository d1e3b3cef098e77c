package io.orrery.live;

import io.orrery.model.NodeId;

/**
 * A node of the cluster, as another one sees it.
 *
 * @param node which replica it runs
 * @param address where it is reached by the other nodes, {@code host:port}
 * @param status how far it has come as a member of the Pekko cluster, in Pekko's words, such as {@code joining}, {@code
 *     weakly-up} and {@code up}; {@code unreachable} where it was a member, and {@code kept-out} where it does not belong
 *     together with the others
 * @param reachable whether there is a way to it now, whatever its status
 */
public record MemberState(NodeId node, String address, String status, boolean reachable) {
    public static final String JOINING = "joining";
    public static final String UNREACHABLE = "unreachable";
    public static final String KEPT_OUT = "kept-out";

    /** The same with another status. */
    public MemberState with(String status) {
        return new MemberState(node, address, status, reachable);
    }
}
