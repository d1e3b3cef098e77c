package io.orrery.protocol.kit;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Decides when to resend unanswered requests. The timer runs only while something is open. Its delay grows each time
 * that no answer came at all, and resets with an answer, because other requests were then merely lost.
 *
 * <p>It runs like this: {@link #start} after each request; {@link #answered} for each answer; and when the timer runs
 * out, the owner sends again what it has, all of it when {@link #isSilent}, and calls {@link #ranOut}.
 */
public final class ResendTimer {
    private final Backoff backoff;
    private final Consumer<Duration> setTimer;
    private boolean isSet;
    private boolean isAnswered;

    /** @param setTimer has the timer run out after a while, instead of any earlier setting */
    public ResendTimer(Backoff backoff, Consumer<Duration> setTimer) {
        this.backoff = backoff;
        this.setTimer = setTimer;
    }

    /**
     * Something is open: sets the timer, unless it runs already.
     *
     * @return whether it has been set: what is open now is what is to be sent again when it runs out
     */
    public boolean start() {
        if (isSet) {
            return false;
        }
        isSet = true;
        setTimer.accept(backoff.current());
        return true;
    }

    /** An answer has come, to whatever request. */
    public void answered() {
        isAnswered = true;
    }

    /** Whether nobody has answered for more than one turn: no answer is under way then, and all may be sent again. */
    public boolean isSilent() {
        return !isAnswered && backoff.isLong();
    }

    /**
     * The timer has run out, and what is to be sent again has been.
     *
     * @param isIdle whether nothing is open
     */
    public void ranOut(boolean isIdle) {
        isSet = false;
        if (isAnswered || isIdle) {
            backoff.reset();
        } else {
            backoff.lengthen();
        }
        isAnswered = false;
    }

    /** The other end can be reached again: the next {@link #start} sets the timer anew, and for the shortest time. */
    public void reset() {
        backoff.reset();
        isSet = false;
    }
}
