/**
 * The live runtime in one process: replicas, links and journals in real time, and the way of a request to them.
 *
 * <p>Memory, readiness, and faults injected into live replicas. This package knows that there may be {@linkplain
 * io.orrery.live.PeerRoutes ways} to other processes, and nothing else about them. Start at {@link io.orrery.live.LocalReplicas}.
 */
package io.orrery.live;
