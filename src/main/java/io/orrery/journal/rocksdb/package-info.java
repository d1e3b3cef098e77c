/**
 * A journal on disk: RocksDB, how its directory is kept whole, and backups of it. Start at {@link
 * io.orrery.journal.rocksdb.RocksDbJournal}. Alone here is RocksDB known: who only simulates need not have it.
 */
package io.orrery.journal.rocksdb;
