package io.orrery.protocol;

import io.orrery.model.NodeId;
import java.util.List;

/**
 * What an operator wants of a protocol whose {@link Configuration} may change.
 *
 * @param replica whom it is about
 * @param known the members as the one who asks knows them, a replica to add among them: their addresses are kept where none are
 *     known yet
 */
public record ConfigurationChange(Kind kind, NodeId replica, List<Configuration.Member> known) {
    public ConfigurationChange {
        known = List.copyOf(known);
    }

    /** The kinds of changes. */
    public enum Kind {
        /** A new replica, first as a learner. */
        ADD,
        /** The replica is no member any more, and never again with what it has on disk. */
        REMOVE,
        /** The replica leads from now on. */
        LEAD
    }

    /**
     * What became of it.
     *
     * @param detail for people: what was done, or why it was not
     */
    public record Answer(Result result, String detail) {
        public static Answer done(String what) {
            return new Answer(Result.DONE, what);
        }

        public static Answer refused(String why) {
            return new Answer(Result.REFUSED, why);
        }

        public static Answer unavailable(String why) {
            return new Answer(Result.UNAVAILABLE, why);
        }

        public static Answer unknown(String why) {
            return new Answer(Result.UNKNOWN, why);
        }
    }

    /** How a change ended. */
    public enum Result {
        DONE,
        /** Nothing was changed, and the same would be refused again. */
        REFUSED,
        /** Nothing was changed: it may be done a little later. */
        UNAVAILABLE,
        /** It may have been done, or may be done later. */
        UNKNOWN
    }
}
