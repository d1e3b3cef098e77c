package io.orrery.zoo.primary;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import java.util.Optional;

/**
 * An entry of the log.
 *
 * @param version its place in the log, from 1
 * @param call the request that it carries out
 */
@JsonTypeName("entry")
record Entry(Key key, Optional<Value> value, Version version, Call call) implements Update, JournalEntry {
    /**
     * Tells a request from all others.
     *
     * @param life the start of the replica that the client asked
     * @param number counted by that start
     */
    record Call(String life, long number) {}

    long place() {
        return version.counter();
    }

    @Override
    public Object slot() {
        return "entry " + place();
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
