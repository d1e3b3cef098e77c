package io.orrery.network;

/** The losses on one way, singly or in runs. One thread at a time uses it. */
public final class Losses {
    private final SeededRandom random;
    /** How many messages the current run still takes. */
    private int left;

    public Losses(SeededRandom random) {
        this.random = random;
    }

    /** Whether the next message is lost. A rule without loss loses none, and draws nothing. */
    public boolean next(LinkRule rule) {
        if (rule.loss() <= 0) {
            return false;
        }
        if (left > 0) {
            left--;
            return true;
        }
        if (random.nextDouble() >= rule.loss()) {
            return false;
        }
        left = rule.lossRun().sample(random) - 1;
        return true;
    }

    /** Ends the run. */
    void end() {
        left = 0;
    }
}
