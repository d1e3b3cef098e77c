package io.orrery.loop;

import java.util.OptionalLong;

/** Chooses as another chooser does, but where choices are given. Counts. */
public final class DeviatingChooser implements Chooser {
    private final Strategy strategy;
    private final Choices choices;
    private Chooser usual;
    private long steps;
    private long delays;

    DeviatingChooser(Strategy strategy, long seed, Choices choices) {
        this.strategy = strategy;
        this.choices = choices;
        this.usual = strategy.chooser(seed);
    }

    @Override
    public OptionalLong redraw(long count) {
        Long seed = choices.redraws().get(count);
        if (seed == null) {
            return OptionalLong.empty();
        }
        usual = strategy.chooser(seed);
        return OptionalLong.of(seed);
    }

    @Override
    public int choose(Ready ready) {
        // Whether asked or not, the other one counts too.
        int index = usual.choose(ready);
        Integer given = choices.steps().get(steps++);
        return given == null ? index : given % ready.size();
    }

    @Override
    public long delay(String from, String to, long drawn, long least, long most) {
        long delay = usual.delay(from, to, drawn, least, most);
        Long given = choices.delays().get(delays++);
        return given == null ? delay : Math.max(least, Math.min(most, given));
    }

    /** How often there were several steps to choose from. */
    public long steps() {
        return steps;
    }

    /** How often a link allowed several delays. */
    public long delays() {
        return delays;
    }
}
