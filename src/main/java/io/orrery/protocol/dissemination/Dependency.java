package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.Dot;
import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import io.orrery.protocol.PlausibilityCheck;

/** A condition on the applied writes of a replica. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({@JsonSubTypes.Type(Dependency.Prefix.class), @JsonSubTypes.Type(Dependency.Made.class)})
public sealed interface Dependency {
    /** Whose writes it is about. */
    Origin origin();

    /** Whether a replica with this summary satisfies it. */
    boolean isAmong(Summary summary);

    /** All writes of an origin up to a sequence. */
    @JsonTypeName("prefix")
    record Prefix(Origin origin, long sequence) implements Dependency {
        public Prefix {
            CounterLimits.require("a write's sequence", sequence, 0);
        }

        @Override
        public boolean isAmong(Summary summary) {
            return summary.prefix().get(origin) >= sequence;
        }

        @Override
        public String toString() {
            return "write " + origin + ":" + sequence;
        }
    }

    /**
     * One write, which has been applied or passed over for a later one. That the key shows a higher version is not enough:
     * a concurrent write knows nothing of what this one depends on.
     *
     * @param sequence of the write, among those of the origin that its version names
     */
    @JsonTypeName("made")
    record Made(Key key, Version version, long sequence) implements Dependency {
        public Made {
            CounterLimits.require("a write's sequence", sequence, 1);
        }

        /** The dependency on a write. */
        public static Made by(StoredWrite write) {
            return new Made(write.key(), write.version(), write.dot().sequence());
        }

        /** Checks that there can be such a write. */
        public void check(PlausibilityCheck plausibilityCheck) {
            plausibilityCheck.count(version.origin(), sequence);
            plausibilityCheck.version(version);
        }

        @Override
        public Origin origin() {
            return version.origin();
        }

        @Override
        public boolean isAmong(Summary summary) {
            return summary.prefix().includes(dot())
                    || summary.islands().stream()
                            .anyMatch(it ->
                                    it.origin().equals(origin()) && it.first() <= sequence && sequence <= it.last());
        }

        public Dot dot() {
            return new Dot(version.origin(), sequence);
        }

        @Override
        public String toString() {
            return key + " at " + version;
        }
    }
}
