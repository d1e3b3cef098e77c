/**
 * The replica actor, its mailbox and outbox, and the host that starts and crashes replicas.
 *
 * <p>Runs any protocol as an actor, in both runtimes. Start at {@link io.orrery.replica.ReplicaActor}.
 */
package io.orrery.replica;
