/**
 * What a replica recovers after a crash: the contract, a journal in memory, and a simulated disk.
 *
 * <p>Start at {@link io.orrery.journal.Journal}.
 */
package io.orrery.journal;
