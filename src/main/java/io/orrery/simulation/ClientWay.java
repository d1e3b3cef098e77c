package io.orrery.simulation;

import io.orrery.network.DelayScheduler;
import io.orrery.network.LinkRule;
import io.orrery.network.Losses;
import io.orrery.network.SeededRandom;

/** The ways between one client and the replicas: what links are between replicas. */
final class ClientWay {
    private final SeededRandom random;
    private final Losses losses;
    private final DelayScheduler delayScheduler;

    ClientWay(SeededRandom random, DelayScheduler delayScheduler) {
        this.random = random;
        this.losses = new Losses(random);
        this.delayScheduler = delayScheduler;
    }

    /**
     * Sends something, or loses it.
     *
     * @param rule of the way to the replica, or from it
     * @param arrival runs when it arrives: at once where there is no delay; twice where it is doubled
     * @param doubled runs now, where it is doubled
     * @param lost runs now, where it is lost
     */
    void carry(LinkRule rule, Runnable arrival, Runnable doubled, Runnable lost) {
        if (losses.next(rule)) {
            lost.run();
            return;
        }
        boolean isTwice = rule.duplicate() > 0 && random.nextDouble() < rule.duplicate();
        if (isTwice) {
            doubled.run();
            transmit(rule, arrival);
        }
        transmit(rule, arrival);
    }

    private void transmit(LinkRule rule, Runnable arrival) {
        long delay = rule.delay().sampleNanos(random);
        if (delay == 0) {
            arrival.run();
        } else {
            delayScheduler.after(delay, arrival);
        }
    }
}
