package io.orrery.network;

/** Hears what becomes of messages. Called on the thread where it happens; must be quick and may not throw. */
public interface LinkObserver {
    LinkObserver NONE = new LinkObserver() {};

    /** Why a message did not arrive. */
    enum Loss {
        /** The link was cut or the two ends were in different partitions when it was sent. */
        CUT("the link is cut"),
        /** The link lost it, as its rule says it sometimes does. */
        LOST("lost on the way"),
        /** Too much was under way on the link already. */
        FULL("too much is under way"),
        /** The replica was down when it arrived. */
        DOWN("the receiver is down");

        private final String words;

        Loss(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    default void sent(Transit transit) {}

    default void delivered(Transit transit) {}

    default void lost(Transit transit, Loss why) {}
}
