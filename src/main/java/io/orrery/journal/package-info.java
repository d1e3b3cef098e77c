/**
 * What a replica recovers after a crash: in memory, on a simulated disk, or in RocksDB.
 *
 * <p>Whatever stands between a replica and its disk, backups included. Start at {@link io.orrery.journal.Journal}.
 */
package io.orrery.journal;
