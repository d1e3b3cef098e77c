package io.orrery.explore.exhaustive;

import java.util.List;

/**
 * A deterministic program of receivers that share nothing: what an event does depends on its receiver alone, and on the
 * events that this receiver has had before. It can be started anew as often as wanted.
 */
public interface Program {
    /**
     * Something that can happen at one receiver: a message that arrives, a timer that fires, a crash.
     *
     * <p>An event is the same object in every execution in which its causal past is the same, and another one otherwise.
     */
    class Event {
        private final int receiver;
        private final Event cause;
        private final Event after;
        /** Where it stands in the execution at hand. */
        int place;

        /**
         * @param receiver a number from 0 up
         * @param cause the event that made it; null where it is there from the beginning
         * @param after another event of the receiver that has to be executed first; null for none
         */
        public Event(int receiver, Event cause, Event after) {
            this.receiver = receiver;
            this.cause = cause;
            this.after = after;
        }

        public final int receiver() {
            return receiver;
        }

        /** The event that made it; null where it is there from the beginning. */
        public final Event cause() {
            return cause;
        }

        /** Another event of the receiver that has to be executed first; null for none. */
        public final Event after() {
            return after;
        }
    }

    /** Goes back to the beginning. */
    void restart();

    /**
     * The events that can happen now, always in the same order after the same events. What has been made stays enabled
     * until it is executed, or until another event of the same receiver disables it. The caller may keep the list.
     */
    List<Event> enabled();

    /** Executes one of the enabled events. */
    void execute(Event event);
}
