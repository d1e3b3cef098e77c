package io.orrery.journal;

import io.orrery.protocol.JournalEntry;

/** An entry for tests: the number-th entry of its slot. */
record Note(String slot, int number) implements JournalEntry {
    static Note of(int number) {
        return new Note("slot " + number, number);
    }
}
