package io.orrery.explore.exhaustive;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.protocol.Message;
import io.orrery.protocol.Timer;
import io.orrery.scenario.Step;

/** Something that happens at one replica of a scenario. */
public abstract sealed class Happening extends Program.Event {
    private final NodeId at;

    private Happening(NodeId at, int receiver, Happening cause, Happening after) {
        super(receiver, cause, after);
        this.at = at;
    }

    public final NodeId at() {
        return at;
    }

    /** A message arrives. */
    static final class Arrival extends Happening {
        final NodeId from;
        final Message message;

        Arrival(NodeId from, NodeId to, int receiver, Message message, Happening cause) {
            super(to, receiver, cause, null);
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
            super(at, receiver, cause, null);
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
            super(ask.via(), receiver, cause, null);
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

        Striking(Fault.OfReplica fault, int receiver, Striking after) {
            super(fault.replica(), receiver, null, after);
            this.fault = fault;
        }

        @Override
        public String toString() {
            return fault.toString();
        }
    }
}
