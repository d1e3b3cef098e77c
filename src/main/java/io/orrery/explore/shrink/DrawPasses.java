package io.orrery.explore.shrink;

import io.orrery.journal.DiskModel;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Puts constants in the place of what links draw. While delays are drawn, each step that goes moves the draws of all
 * messages after it, and what is left may be many steps that only one seed makes fit.
 */
final class DrawPasses {
    /** Longer than all else of a small scenario, and not so long that replicas send again what is late too often. */
    private static final Duration LATE = Duration.ofSeconds(1);

    /** Delays with which messages overtake each other. */
    private static final Delay LOOSE = new Delay.Uniform(Duration.ofMillis(1), Duration.ofMillis(20));

    private static final double OFTEN = 0.2;
    private static final Duration SPACING = Duration.ofMillis(10);

    /** Up to so many steps other delays are tried: under them many operations may overlap, and to judge that takes long. */
    private static final int FEW = 24;

    private static final List<Long> ONE_SEED = List.of(1L);
    private static final int DRAWS = 100;
    private static final int MOST_DRAWS = 20_000;

    private final Shrinker shrinker;

    DrawPasses(Shrinker shrinker) {
        this.shrinker = shrinker;
    }

    /** Whether a seed decides what links do. */
    static boolean draws(Scenario scenario) {
        boolean isUsual = scenario.links().stream()
                .noneMatch(link -> link.from().isEmpty()
                        && link.to().isEmpty()
                        && link.messages().isAll()
                        && link.change().delay().isPresent());
        return isUsual
                || scenario.links().stream().anyMatch(link -> draws(link.change()))
                || scenario.steps().stream()
                        .anyMatch(step -> step instanceof Step.Inject inject
                                && inject.fault() instanceof Fault.ChangeLinks link
                                && draws(link.change()));
    }

    private static boolean draws(LinkChange change) {
        return change.delay().filter(delay -> !(delay instanceof Delay.Fixed)).isPresent()
                || change.loss().filter(DrawPasses::isChance).isPresent()
                || change.duplicate().filter(DrawPasses::isChance).isPresent();
    }

    private static boolean isChance(double chance) {
        return chance > 0 && chance < 1;
    }

    /**
     * Where no seed shows the wrong with a few steps: takes some of these operations under constant rules that are drawn, if any
     * such show it.
     */
    void drawRulesIfMany(List<Step> operations) {
        if (operations.isEmpty()
                || shrinker.best().steps().stream()
                                .filter(step -> !isChange(step))
                                .count()
                        <= FEW) {
            return;
        }
        boolean isFound = false;
        for (int from = 0; from < MOST_DRAWS && !isFound; from += DRAWS) {
            isFound = shrinker.isTaken(DrawnRules.ofSome(shrinker.best(), operations, from, DRAWS), ONE_SEED);
        }
    }

    /**
     * Gives all links one constant delay; if that does not show it, links constant rules that fit what happened to the messages
     * of the run; and if none do, a change for each message.
     */
    void fix() {
        Scenario now = shrinker.best();
        Recorded recorded = shrinker.record();
        Scenario exact = recorded.fatesAsSteps(now, WorldPasses.USUAL_DELAY, Duration.ZERO, Duration.ofDays(1));
        List<DiskModel> disks = WorldPasses.fixedDisks(now.disk());
        boolean isFixed = shrinker.isTaken(
                        on(disks, List.of(WorldPasses.withFixedDelay(now, WorldPasses.USUAL_DELAY))), Shrinker.SEEDS)
                || shrinker.isTaken(on(disks, rules(now, recorded)), shrinker.seedsAndOwn(1))
                || shrinker.isTaken(on(disks, List.of(exact)), shrinker.seedsAndOwn(Shrinker.SEEDS.size()));
        if (!isFixed) {
            shrinker.isTaken(List.of(now), Shrinker.SEEDS);
        }
    }

    private static List<Scenario> on(List<DiskModel> disks, List<Scenario> scenarios) {
        return disks.stream()
                .flatMap(disk ->
                        scenarios.stream().map(it -> Edit.of(it).disk(disk).scenario()))
                .toList();
    }

    /** Constant rules in place of draws, and of changes on the way. */
    private static List<Scenario> rules(Scenario scenario, Recorded recorded) {
        if (scenario.steps().stream().filter(step -> !isChange(step)).count() > FEW) {
            return List.of();
        }
        List<UnaryOperator<Selector>> abouts =
                List.of(all -> Selector.ALL, it -> new Selector(it.key(), Optional.empty()), it -> it);
        List<Scenario> rules = new ArrayList<>();
        for (UnaryOperator<Selector> about : abouts) {
            for (Recorded.Example example : Recorded.Example.values()) {
                rules.add(recorded.fatesAsRules(scenario, WorldPasses.USUAL_DELAY, LATE, about, example));
            }
        }
        return rules.stream().distinct().toList();
    }

    /** The same for what has become small, where anything is left to fix. */
    void fixWhatIsLeft() {
        if (draws(shrinker.best()) || shrinker.best().steps().stream().anyMatch(DrawPasses::isChange)) {
            Recorded recorded = shrinker.record();
            shrinker.isTaken(rules(shrinker.best(), recorded), shrinker.seedsAndOwn(1));
        }
    }

    private static boolean isChange(Step step) {
        return step instanceof Step.Inject inject && inject.fault() instanceof Fault.ChangeLinks;
    }

    /**
     * Leaves a step out where messages take other times for it, as some seed draws them. What comes of it draws: {@link #fix} is
     * to follow.
     */
    boolean isShorterWithOtherDelays() {
        List<Step> kept =
                shrinker.best().steps().stream().filter(step -> !isChange(step)).toList();
        if (kept.size() > FEW) {
            return false;
        }
        List<LinkChange> loose = new ArrayList<>(List.of(LinkChange.delay(LOOSE)));
        if (losesOrDoubles(shrinker.best())) {
            loose.add(new LinkChange(Optional.of(LOOSE), Optional.of(OFTEN), Optional.of(OFTEN), Optional.empty()));
        }
        List<List<Step>> all = new ArrayList<>();
        if (isByChance()) {
            all.add(kept);
        }
        for (int i = kept.size() - 1; i >= 0 && kept.size() > 1; i--) {
            List<Step> left = new ArrayList<>(kept);
            left.remove(i);
            all.add(left);
        }
        List<Scenario> candidates = new ArrayList<>();
        List<Scenario> drawn = new ArrayList<>();
        for (List<Step> steps : all) {
            loose.forEach(change -> addLoose(candidates, steps, change));
            drawn.addAll(DrawnRules.of(shrinker.best(), steps, 0, DRAWS));
        }
        return shrinker.isTaken(drawn, ONE_SEED) || shrinker.isTaken(candidates, Shrinker.SEEDS);
    }

    /** Whether it takes a seed, or changes of links on the way. */
    private boolean isByChance() {
        return shrinker.seed() != 1
                || draws(shrinker.best())
                || shrinker.best().steps().stream().anyMatch(DrawPasses::isChange);
    }

    /** With the times as they are, and with one pause between all steps. */
    private void addLoose(List<Scenario> candidates, List<Step> steps, LinkChange change) {
        Scenario loose = Edit.of(shrinker.best())
                .links(List.of(new Fault.ChangeLinks(Optional.empty(), Optional.empty(), change)))
                .steps(steps)
                .scenario();
        candidates.add(loose);
        candidates.add(Times.spaced(loose, SPACING));
    }

    private static boolean losesOrDoubles(Scenario scenario) {
        return scenario.links().stream().anyMatch(link -> losesOrDoubles(link.change()))
                || scenario.steps().stream()
                        .anyMatch(step -> step instanceof Step.Inject inject
                                && inject.fault() instanceof Fault.ChangeLinks link
                                && losesOrDoubles(link.change()));
    }

    private static boolean losesOrDoubles(LinkChange change) {
        return change.loss().orElse(0.0) > 0
                || change.duplicate().orElse(0.0) > 0
                || change.cut().orElse(false);
    }
}
