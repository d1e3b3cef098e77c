/**
 * Total-order multicast by timestamps and acknowledgements: no primary, every replica takes writes, and all show them in one order.
 *
 * <p>Lives here: when a write's turn has come. What comes in: clients' requests, and messages of replicas. The writes themselves are
 * spread and kept by {@link io.orrery.protocol.dissemination.Replication}. Start at {@link
 * io.orrery.protocol.totalorder.TotalOrder}.
 */
package io.orrery.protocol.totalorder;
