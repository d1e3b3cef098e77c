package io.orrery.zoo.gossip;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import java.util.Optional;

/**
 * A write.
 *
 * @param version its Lamport time, which decides between two writes of a key
 * @param sequence how many writes its replica had made with it
 * @param after the writes that it may depend on
 */
@JsonTypeName("write")
record Write(Key key, Optional<Value> value, Version version, long sequence, VersionVector after)
        implements Update, JournalEntry {
    Dot dot() {
        return new Dot(version.origin(), sequence);
    }

    /** No write takes the place of another: all are kept for those who lack them. */
    @Override
    public Object slot() {
        return "write " + dot();
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
