/**
 * The replica actor, its mailbox and outbox, and the host that starts and crashes replicas.
 *
 * <p>What runs a protocol as an actor, in both runtimes alike. Knows no protocol. Start at {@link
 * io.orrery.replica.ReplicaActor}.
 */
package io.orrery.replica;
