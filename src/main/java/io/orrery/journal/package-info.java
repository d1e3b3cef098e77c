/**
 * What a replica recovers after a crash: the contract of a journal, a journal in memory, and a simulated disk.
 *
 * <p>Start at {@link io.orrery.journal.Journal}.
 */
package io.orrery.journal;
