/**
 * What a replica keeps for after a crash: the contract, {@link io.orrery.journal.Journal}; a journal in memory; and a
 * simulated disk, which can lose and fail. The one on a real disk is a package of its own.
 */
package io.orrery.journal;
