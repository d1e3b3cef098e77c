package io.orrery.protocol.dissemination;

import io.orrery.protocol.JournalEntry;

/** What a replica keeps of its copy of the data. */
sealed interface ReplicationEntry extends JournalEntry
        permits Write, WriteWithValueOnDisk, AppliedProgress, Started, LegacyEntry {}
