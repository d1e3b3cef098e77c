/**
 * The live runtime: all replicas in one process, or each as a node of a Pekko cluster.
 *
 * <p>Connections between nodes, membership, readiness, and faults injected into live replicas. Start at {@link
 * io.orrery.cluster.RunningDeployment} and {@link io.orrery.cluster.Node}.
 */
package io.orrery.cluster;
