package io.orrery.network;

/** Observes the fate of each message, on the thread where it happens. Must be quick and may not throw. */
public interface LinkObserver {
    LinkObserver NONE = new LinkObserver() {};

    /** Why a message did not arrive. */
    enum Loss {
        /** The link was cut or the two ends were in different partitions when it was sent. */
        CUT("the link is cut"),
        /** The link lost it at random, by its loss rate. */
        LOST("lost on the way"),
        /** Too much was in flight on the link already. */
        FULL("too much is under way"),
        /** The replica was down when it arrived. */
        DOWN("the receiver is down"),
        /** The connection broke while it was under way. */
        RESET("the connection was reset");

        /** Whether the message had been {@linkplain #sent} before. */
        public boolean isOnArrival() {
            return this == DOWN || this == RESET;
        }

        private final String words;

        Loss(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    default void sent(InFlightMessage inFlightMessage) {}

    default void delivered(InFlightMessage inFlightMessage) {}

    default void lost(InFlightMessage inFlightMessage, Loss why) {}
}
