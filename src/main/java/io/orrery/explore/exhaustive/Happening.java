package io.orrery.explore.exhaustive;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.protocol.Message;
import io.orrery.protocol.Timer;
import io.orrery.scenario.Step;

/** Something that happens at one replica of a scenario. */
public abstract sealed class Happening extends Program.Event {
    /** Of what only a timer brings about: nobody waits that long for a message. */
    private static final long LATE = Long.MAX_VALUE;

    private final NodeId at;
    /** When it would happen if messages took no time, by the times of the scenario. */
    private final long due;
    /** How many events lead to it. */
    private final int depth;
    /** Keeps the state that has made it: made anew, it would be another event. Null where it is there from the beginning. */
    LocalState madeBy;

    private Happening(NodeId at, int receiver, Happening cause, Happening after, long due) {
        super(receiver, cause, after);
        this.at = at;
        this.due = cause == null ? due : Math.max(cause.due, due);
        this.depth = cause == null ? 0 : cause.depth + 1;
    }

    public final NodeId at() {
        return at;
    }

    /** Whether it comes before another where nothing is late: otherwise, if it comes after that, it was overtaken. */
    final boolean isDueBefore(Happening other) {
        return due < other.due || due == other.due && depth < other.depth;
    }

    /** A message arrives. */
    static final class Arrival extends Happening {
        final NodeId from;
        final Message message;

        Arrival(NodeId from, NodeId to, int receiver, Message message, Happening cause) {
            super(to, receiver, cause, null, 0);
            this.from = from;
            this.message = message;
        }

        @Override
        public String toString() {
            return at() + " gets from " + from + ": " + message;
        }
    }

    /** A timer fires. */
    static final class Firing extends Happening {
        final Timer timer;

        Firing(NodeId at, int receiver, Timer timer, Happening cause) {
            super(at, receiver, cause, null, LATE);
            this.timer = timer;
        }

        @Override
        public String toString() {
            return at() + "'s timer " + timer.name() + " fires";
        }
    }

    /** A client invokes an operation, carrying the session token of its last answer. */
    static final class Asking extends Happening {
        final Step.Ask ask;
        /** Which of its client's operations it is, from 0. */
        final int number;

        final String session;
        /** Of the operation, whatever came before it. */
        final String name;

        Asking(Step.Ask ask, int number, int receiver, String session, Happening cause) {
            super(ask.via(), receiver, cause, null, ask.at().toNanos());
            this.ask = ask;
            this.number = number;
            this.session = session;
            this.name = ask.client() + "#" + number;
        }

        @Override
        public String toString() {
            return ask.client() + " asks " + at() + ": " + ask.operation();
        }
    }

    /** A planned crash, wipe or restart. Those of one replica come in their order. */
    static final class Striking extends Happening {
        final Fault.OfReplica fault;

        Striking(Step.Inject step, Fault.OfReplica fault, int receiver, Striking after) {
            super(fault.replica(), receiver, null, after, step.at().toNanos());
            this.fault = fault;
        }

        @Override
        public String toString() {
            return fault.toString();
        }
    }
}
