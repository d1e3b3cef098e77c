package io.orrery.loop;

/** Something that can happen next. A step runs to its end; no other step runs meanwhile. */
public abstract class Step {
    /** What kinds of steps there are. */
    public enum Kind {
        /** A message of one actor enters the mailbox of another. */
        SEND,
        /** An actor takes a message from its mailbox and handles it. */
        HANDLING,
        /** A message arrives over a link. */
        DELIVERY,
        /** A timer runs out. */
        TIMER,
        /** A task runs that was handed to a dispatcher, such as the callback of a future. */
        TASK
    }

    private final Owner owner;
    private long number;

    Step(Owner owner) {
        this.owner = owner;
    }

    final Owner owner() {
        return owner;
    }

    /** Becomes another step of the same owner. */
    final void renumber() {
        number = owner.nextNumber();
    }

    public abstract Kind kind();

    /** The name of who sends; of a timer or task, who made it. What no actor made comes from {@code outside}. */
    public String from() {
        return owner.name();
    }

    /** The name of who receives; of a timer or task, who made it. */
    public String to() {
        return owner.name();
    }

    /**
     * A number that looks random: the same in each run for the nth step of an owner, whatever all others do. Choosers draw
     * from it, so that one changed step does not reshuffle the rest of a run.
     */
    public final long key() {
        return owner.key(number);
    }

    abstract void run();

    @Override
    public String toString() {
        return kind() + " " + from() + " -> " + to();
    }
}
