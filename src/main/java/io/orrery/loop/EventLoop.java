package io.orrery.loop;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Runs the steps of one simulated actor system on the calling thread, one after the other, in virtual time. Where several
 * are ready, a {@link Chooser} decides. Time moves only when nothing is ready, from one event to the next.
 *
 * <p>Messages keep the order that a JVM gives them. A message enters its receiver's mailbox during the step that sends it,
 * or later: the first of a step at once, each further one as a step of its own. Their sender handles nothing before all are
 * sent. So two receivers of two senders each can see every combination of orders that threads can produce, and no other.
 */
public final class EventLoop {
    /** How much later than planned a fault strikes where nothing else happens. */
    private static final long LATEST_STRIKE = 100_000_000;

    private final TimerQueue timers = new TimerQueue();
    /** The steps of a script. They come before all other events of their instant, and keep their order. */
    private final TimerQueue plans = new TimerQueue();

    private final Strikes strikes = new Strikes();
    private Step[] ready = new Step[64];
    private int readyCount;
    private final Chooser.Ready choices = new Choices();
    private Chooser chooser = Chooser.random(0);
    private Pace pace = Pace.IDEAL;
    private Owner outside = new Owner(Owner.OUTSIDE);
    private Runnable afterEach;
    private LongConsumer whenDrawnAnew;
    /** In the order in which they became so. */
    private final Set<Inbox> busy = new LinkedHashSet<>();

    private boolean hurries;

    private long now;
    private long processed;

    /** The step that runs; null between steps. */
    private Step running;
    /** Whether the running step has sent a message. */
    private boolean hasSent;
    /** What else the running step sends; null where that is nothing. */
    private SendQueue unsent;

    private final class Choices implements Chooser.Ready {
        @Override
        public int size() {
            return readyCount;
        }

        @Override
        public Step get(int index) {
            return ready[index];
        }
    }

    EventLoop() {}

    /** Restarts at time 0, and discards all events. */
    public void reset(Chooser chooser) {
        timers.clear();
        plans.clear();
        strikes.clear();
        busy.clear();
        hurries = false;
        this.chooser = chooser;
        pace = Pace.IDEAL;
        outside = new Owner(Owner.OUTSIDE);
        now = 0;
        processed = 0;
        afterEach = null;
        whenDrawnAnew = null;
    }

    /** Sets how fast actors are from now on. Who is busy stays so for as long as was drawn. */
    public void setPace(Pace changed) {
        pace = changed;
    }

    /** Has nobody be busy any more until the next reset, so that all actors can stop without time passing. */
    public void hurry() {
        pace = Pace.IDEAL;
        hurries = true;
        List<Inbox> wake = List.copyOf(busy);
        busy.clear();
        wake.forEach(Inbox::offer);
    }

    /** Whether an actor may go on that is busy until this time. */
    boolean isOver(long busyUntil) {
        return busyUntil <= now || hurries;
    }

    /** Offers an actor again when it is not busy any more. */
    void busy(Inbox inbox, long untilNanos) {
        busy.add(inbox);
        after(untilNanos - now, () -> {
            if (busy.remove(inbox)) {
                inbox.offer();
            }
        });
    }

    /** Runs a check after each step until the next reset. It may change nothing. */
    public void afterEach(Runnable check) {
        afterEach = check;
    }

    /** Names who draws from seeds what no chooser decides, and is given a new one when the chooser says so, until the next reset. */
    public void whenDrawnAnew(LongConsumer draws) {
        whenDrawnAnew = draws;
    }

    /** The virtual time, in nanoseconds since the last reset. */
    public long now() {
        return now;
    }

    /** How many steps have run since the last reset. */
    public long processed() {
        return processed;
    }

    /** Runs a task after a time. */
    public void after(long nanos, Runnable task) {
        timer(nanos, task);
    }

    /** For how long a message is to be under way, of which a link drew this and allows those: {@link Chooser#delay}. */
    public long delay(String from, String to, long drawn, long least, long most) {
        return least < most ? chooser.delay(from, to, drawn, least, most) : drawn;
    }

    /** Has a message arrive over a link after a time. */
    public void deliver(long nanos, String from, String to, Runnable arrival) {
        schedule(nanos, new Timer(this, owner(), Step.Kind.DELIVERY, from, to, arrival));
    }

    Timer timer(long nanos, Runnable task) {
        Owner owner = owner();
        Timer timer = new Timer(this, owner, Step.Kind.TIMER, owner.name(), owner.name(), task);
        schedule(nanos, timer);
        return timer;
    }

    /** A timer of an actor, whose clock may be fast or slow. */
    Timer actorTimer(long nanos, Runnable task) {
        return timer(pace.timer(owner().name(), nanos), task).byClock();
    }

    /**
     * Has the clocks of some actors jump: their timers that run end so much earlier, and at once where their end is past.
     *
     * @param actors by their names
     * @param nanos negative if the clocks jump back, so that timers end later
     */
    public void hasten(Predicate<String> actors, long nanos) {
        timers.shift(timer -> timer.isByClock() && actors.test(timer.to()), -nanos, now);
    }

    private void schedule(long nanos, Timer timer) {
        long at = later(nanos);
        if (at <= now) {
            add(timer);
        } else {
            timers.add(at, timer);
        }
    }

    /** Plans a step of a script: it runs before all other events of its instant, when nothing is ready. */
    public void plan(long atNanos, Runnable step) {
        plans.add(Math.max(now, atNanos), new Timer(this, outside, Step.Kind.TASK, Owner.OUTSIDE, Owner.OUTSIDE, step));
    }

    /**
     * Has a fault strike among the steps, not between events as {@link #plan} does: while messages wait, or in the middle of
     * a step, where {@link #strikePoint} is called.
     *
     * @param points how many points, from that time on, pass before it strikes
     */
    public void strike(long atNanos, int points, Runnable fault) {
        Runnable atLast = strikes.add(Math.max(now, atNanos), points, fault);
        plan(Math.max(now, atNanos) + LATEST_STRIKE, atLast);
    }

    /** To be called wherever a fault may come in the middle of a step. */
    public void strikePoint() {
        if (strikes.isEmpty()) {
            return;
        }
        Step interrupted = running;
        boolean interruptedHadSent = hasSent;
        SendQueue interruptedUnsent = unsent;
        running = null;
        strikes.pass(now);
        running = interrupted;
        hasSent = interruptedHadSent;
        unsent = interruptedUnsent;
    }

    private long later(long delayNanos) {
        long at = now + Math.max(0, delayNanos);
        return at < 0 ? Long.MAX_VALUE : at;
    }

    private Owner owner() {
        return running == null ? outside : running.owner();
    }

    /** Who sends at this moment. */
    String sender() {
        return running == null ? Owner.OUTSIDE : running.from();
    }

    Step running() {
        return running;
    }

    /** A task of a dispatcher. */
    void execute(Runnable task) {
        add(new Timer(this, owner(), Step.Kind.TASK, owner().name(), owner().name(), task));
    }

    void add(Step step) {
        if (readyCount == ready.length) {
            ready = Arrays.copyOf(ready, 2 * readyCount);
        }
        ready[readyCount++] = step;
    }

    private Step take(int index) {
        Step taken = ready[index];
        ready[index] = ready[--readyCount];
        ready[readyCount] = null;
        return taken;
    }

    /** A timer was cancelled; one that is not ready yet is passed over when its time comes. */
    void withdraw(Timer timer) {
        for (int i = 0; i < readyCount; i++) {
            if (ready[i] == timer) {
                take(i);
                return;
            }
        }
    }

    /** Whether the running step may put a message into a mailbox at once; to be asked once for each message. */
    boolean sendsAtOnce() {
        if (running == null) {
            return true;
        }
        boolean isFirst = !hasSent;
        hasSent = true;
        return isFirst;
    }

    /** Whether messages of the running step are still to be sent. */
    boolean hasUnsent() {
        return running != null && unsent != null;
    }

    /** Sends a message of the running step after those before it, as a step of its own. */
    void sendLater(String to, Runnable send) {
        if (unsent == null) {
            unsent = new SendQueue(this);
        }
        unsent.add(running.owner(), to, send);
    }

    SendQueue unsent() {
        return unsent;
    }

    long handlingTime(String actor) {
        return pace.handling(actor);
    }

    /** Runs the next step, if it is due by this time. Returns whether there was one. */
    public boolean step(long untilNanos) {
        OptionalLong anew = chooser.redraw(processed);
        if (anew.isPresent() && whenDrawnAnew != null) {
            whenDrawnAnew.accept(anew.getAsLong());
        }
        if (readyCount > 0) {
            strikePoint();
            gatherDue();
        }
        if (readyCount == 0 && !advance(untilNanos)) {
            return false;
        }
        processed++;
        running = take(readyCount == 1 ? 0 : chooser.choose(choices));
        hasSent = false;
        unsent = null;
        try {
            running.run();
        } finally {
            running = null;
        }
        if (afterEach != null) {
            afterEach.run();
        }
        return true;
    }

    /** Moves the time to the next event. Returns false if none is due by this time. */
    private boolean advance(long untilNanos) {
        while (!timers.isEmpty() && timers.first().isDone()) {
            timers.poll();
        }
        boolean isPlanned = !plans.isEmpty() && (timers.isEmpty() || plans.firstTime() <= timers.firstTime());
        if (isPlanned ? plans.firstTime() > untilNanos : timers.isEmpty() || timers.firstTime() > untilNanos) {
            return false;
        }
        if (isPlanned) {
            now = Math.max(now, plans.firstTime());
            add(plans.poll());
        } else {
            now = Math.max(now, timers.firstTime());
            gatherDue();
        }
        return true;
    }

    private void gatherDue() {
        while (!timers.isEmpty() && timers.firstTime() <= now) {
            Timer due = timers.poll();
            if (!due.isDone()) {
                add(due);
            }
        }
    }

    /** Runs all that is ready, without advancing time. */
    public void settle() {
        while (readyCount > 0) {
            step(now);
        }
    }

    /** Advances time without running steps. */
    public void advanceTo(long nanos) {
        now = Math.max(now, nanos);
    }
}
