package io.orrery.network;

import java.util.Optional;
import java.util.StringJoiner;

/** A change of a link's rule; absent parts leave the rule unchanged. */
public record LinkChange(
        Optional<Delay> delay,
        Optional<Double> loss,
        Optional<Double> duplicate,
        Optional<Boolean> cut,
        Optional<LossRun> runs) {
    public static final LinkChange CUT =
            new LinkChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true));

    /** @throws IllegalArgumentException if a value is out of range */
    public LinkChange {
        // LinkRule checks the ranges.
        new LinkRule(Delay.NONE, loss.orElse(0.0), duplicate.orElse(0.0), false);
    }

    /** Without a word on runs of losses. */
    public LinkChange(Optional<Delay> delay, Optional<Double> loss, Optional<Double> duplicate, Optional<Boolean> cut) {
        this(delay, loss, duplicate, cut, Optional.empty());
    }

    public static final LinkChange NOTHING =
            new LinkChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if the chance is not from 0 to 1 */
    public static LinkChange loss(double chance) {
        return new LinkChange(Optional.empty(), Optional.of(chance), Optional.empty(), Optional.empty());
    }

    /** The change that turns any rule into this one. */
    public static LinkChange to(LinkRule rule) {
        return new LinkChange(
                Optional.of(rule.delay()),
                Optional.of(rule.loss()),
                Optional.of(rule.duplicate()),
                Optional.of(rule.cut()),
                Optional.of(rule.lossRun()));
    }

    public static LinkChange delay(Delay delay) {
        return new LinkChange(Optional.of(delay), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static LinkChange runs(LossRun runs) {
        return new LinkChange(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(runs));
    }

    /** Whether messages may be lost, or arrive twice, because of it. */
    public boolean losesOrDoubles() {
        return loss.orElse(0.0) > 0 || duplicate.orElse(0.0) > 0 || cut.orElse(false);
    }

    /** This change followed by a later one, as one change. */
    public LinkChange then(LinkChange later) {
        return new LinkChange(
                later.delay.or(() -> delay),
                later.loss.or(() -> loss),
                later.duplicate.or(() -> duplicate),
                later.cut.or(() -> cut),
                later.runs.or(() -> runs));
    }

    LinkChange withoutCut() {
        return new LinkChange(delay, loss, duplicate, Optional.empty(), runs);
    }

    public LinkRule applyTo(LinkRule rule) {
        return new LinkRule(
                delay.orElse(rule.delay()),
                loss.orElse(rule.loss()),
                duplicate.orElse(rule.duplicate()),
                cut.orElse(rule.cut()),
                runs.or(rule::runs));
    }

    /** For people: {@code delay 3s, loss 0.1, cut}. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        delay.ifPresent(it -> text.add("delay " + it));
        loss.ifPresent(it -> text.add("loss " + it));
        runs.ifPresent(it -> text.add("loss-run " + it));
        duplicate.ifPresent(it -> text.add("duplicate " + it));
        cut.ifPresent(it -> text.add(it ? "cut" : "not cut"));
        return text.toString();
    }
}
