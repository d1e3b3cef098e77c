package org.example.chain;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import java.util.Optional;

/** A write, with its place in the order as its version. A later one of the same key takes its place in the journal. */
@JsonTypeName("item")
record Item(Key key, Optional<Value> value, Version version) implements Update, JournalEntry {
    @Override
    public Object slot() {
        return key;
    }

    long number() {
        return version.counter();
    }

    @Override
    public long bytes() {
        return Update.super.bytes();
    }

    @Override
    public String toString() {
        return key + " = " + value.map(Value::json).orElse("deleted") + " " + version;
    }
}
