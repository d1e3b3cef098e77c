package io.orrery.protocol.multimaster;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.Origin;
import io.orrery.protocol.Message;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What multi-master replicas say to each other. */
sealed interface DisseminationMessage extends Message {
    /** A write, pushed by its origin to every peer when it happens. */
    record Push(Write write) implements DisseminationMessage {
        @Override
        public String kind() {
            return "update";
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(write.key());
        }

        @Override
        public String toString() {
            return "update " + write;
        }
    }

    /**
     * What the sender has.
     *
     * @param sender who it is, in which incarnation
     * @param has all writes without a gap
     * @param islands further writes, ahead of gaps
     */
    record Digest(Origin sender, VersionVector has, List<Range> islands, Purpose purpose)
            implements DisseminationMessage {
        @Override
        public String kind() {
            return "digest";
        }

        @Override
        public String toString() {
            return "digest " + has + (islands.isEmpty() ? "" : " and " + islands)
                    + (purpose == Purpose.PERIODIC ? "" : " (" + purpose.name().toLowerCase(Locale.ROOT) + ")");
        }
    }

    /** Why a digest is sent. */
    enum Purpose {
        /** A periodic comparison: what the receiver lacks may be on its way to it. */
        PERIODIC,
        /** The sender has just come (back), and wants an answer. */
        HELLO,
        /** The answer to a hello. */
        ANSWER
    }

    /** Asks for the writes in these ranges. */
    record Fetch(List<Range> ranges) implements DisseminationMessage {
        @Override
        public String kind() {
            return "fetch";
        }

        @Override
        public String toString() {
            return "fetch " + ranges;
        }
    }

    /**
     * Answers a fetch. These ranges are covered whole: a write in them that is not sent is superseded by one that the
     * receiver has or will fetch, or is lost for good.
     */
    record Delta(List<Range> covered, List<Write> writes) implements DisseminationMessage {
        @Override
        public String kind() {
            return "delta";
        }

        @Override
        public String toString() {
            return "delta " + covered + " " + writes;
        }
    }
}
