/**
 * Processes that each run one replica: connections, membership, and faults in all of them.
 *
 * <p>Start at {@link io.orrery.cluster.Node}. How a replica lives in its process is in {@link io.orrery.live}.
 */
package io.orrery.cluster;
