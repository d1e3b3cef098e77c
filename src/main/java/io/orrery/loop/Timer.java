package io.orrery.loop;

/** A task that becomes ready at a time. */
final class Timer extends Step {
    private final Kind kind;
    private final String from;
    private final String to;
    private final EventLoop loop;
    private Runnable task;
    /** Whether the clock of an actor decides when it ends. */
    private boolean isByClock;

    Timer(EventLoop loop, Owner owner, Kind kind, String from, String to, Runnable task) {
        super(owner);
        this.loop = loop;
        this.kind = kind;
        this.from = from;
        this.to = to;
        this.task = task;
        renumber();
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public String from() {
        return from;
    }

    @Override
    public String to() {
        return to;
    }

    /** Returns false if it has run, or was cancelled before. */
    boolean cancel() {
        if (task == null) {
            return false;
        }
        task = null;
        loop.withdraw(this);
        return true;
    }

    Timer byClock() {
        isByClock = true;
        return this;
    }

    boolean isByClock() {
        return isByClock;
    }

    boolean isDone() {
        return task == null;
    }

    @Override
    void run() {
        Runnable due = task;
        task = null;
        due.run();
    }
}
