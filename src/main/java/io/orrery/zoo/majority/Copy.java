package io.orrery.zoo.majority;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import java.util.Optional;

/** What a replica keeps of a key; a later one takes its place. */
@JsonTypeName("copy")
record Copy(Key key, Optional<Value> value, Version version) implements Update, JournalEntry {
    @Override
    public Object slot() {
        return key;
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
