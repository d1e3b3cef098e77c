package io.orrery.protocol.dissemination;

import io.orrery.protocol.JournalEntry;
import java.util.List;
import java.util.stream.Stream;

/** What a replica keeps of its copy of the data. */
sealed interface ReplicationEntry extends JournalEntry permits Write, OnDisk, Progress, Started, FormatOne {
    /** All that there are: a closed set. */
    static List<Class<?>> types() {
        return Stream.of(ReplicationEntry.class, FormatOne.class)
                .<Class<?>>flatMap(type -> Stream.of(type.getPermittedSubclasses()))
                .filter(type -> !type.isInterface())
                .toList();
    }
}
