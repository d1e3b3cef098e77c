/**
 * Linearizable registers without a leader: majorities of replicas answer, and any minority may be away.
 *
 * <p>Lives here: the two phases of an operation. What comes in: clients' requests, and messages of replicas. The copy of the data
 * is that of {@link io.orrery.protocol.dissemination.Replication}. Start at {@link io.orrery.protocol.abd.Abd}.
 */
package io.orrery.protocol.abd;
