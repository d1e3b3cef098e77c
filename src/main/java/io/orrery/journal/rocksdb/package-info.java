/**
 * A journal on disk, in RocksDB: data directories, values behind a cache, backups.
 *
 * <p>No other package imports RocksDB, so a simulation runs without it. Start at {@link
 * io.orrery.journal.rocksdb.RocksDbJournal}.
 */
package io.orrery.journal.rocksdb;
