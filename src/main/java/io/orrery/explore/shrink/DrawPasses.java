package io.orrery.explore.shrink;

import io.orrery.journal.DiskModel;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.simulation.Conditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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

    /** Up to so many steps others are tried in their place. */
    private static final int FEW_TO_CHANGE = 6;

    /** So many candidates take about a quarter of a second. */
    private static final int MOST_SUBSTITUTES = 2_000;

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
        boolean doubles = losesOrDoubles(shrinker.best());
        boolean isFound = false;
        for (int from = 0; from < MOST_DRAWS && !isFound; from += DRAWS) {
            isFound = shrinker.isTaken(DrawnRules.ofSome(shrinker.best(), operations, from, DRAWS), ONE_SEED)
                    || shrinker.isTaken(
                            DrawnRules.ofSomeOnTwoSides(shrinker.best(), operations, from, DRAWS, doubles), ONE_SEED);
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
     * Ways to fewer steps where no single change helps, each of which tells whether it took something. What comes of it may draw:
     * {@link #fix} is to follow.
     */
    List<BooleanSupplier> waysOn() {
        return List.of(this::isShorterUnderDrawnRules, this::isShorterUnderLooseDelays, this::isShorterWithAnotherStep);
    }

    /** Leaves a step out where messages take other times for it, under constant rules. */
    private boolean isShorterUnderDrawnRules() {
        List<Scenario> drawn = new ArrayList<>();
        fewer().forEach(steps -> drawn.addAll(DrawnRules.of(shrinker.best(), steps, 0, DRAWS)));
        return shrinker.isTaken(drawn, ONE_SEED);
    }

    /** The same with delays that some seed draws. */
    private boolean isShorterUnderLooseDelays() {
        List<LinkChange> loose = new ArrayList<>(List.of(LinkChange.delay(LOOSE)));
        if (losesOrDoubles(shrinker.best())) {
            loose.add(new LinkChange(Optional.of(LOOSE), Optional.of(OFTEN), Optional.of(OFTEN), Optional.empty()));
        }
        List<Scenario> candidates = new ArrayList<>();
        fewer().forEach(steps -> loose.forEach(change -> addLoose(candidates, steps, change)));
        return shrinker.isTaken(candidates, Shrinker.SEEDS);
    }

    /** The steps with one left out, and themselves where changes of links or a seed bring the wrong about. */
    private List<List<Step>> fewer() {
        List<Step> kept = withoutChanges();
        if (kept.size() > FEW) {
            return List.of();
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
        all.removeIf(steps -> !shrinker.mayShow(steps));
        return all;
    }

    /** The steps but for changes of links. */
    private List<Step> withoutChanges() {
        return shrinker.best().steps().stream().filter(step -> !isChange(step)).toList();
    }

    /** Leaves a step out where another one does its part: in a simple world, or in that of the run. */
    private boolean isShorterWithAnotherStep() {
        if (withoutChanges().size() > FEW_TO_CHANGE) {
            return false;
        }
        Scenario best = shrinker.best();
        Scenario ideal = Edit.of(best)
                .disk(DiskModel.INSTANT)
                .tuning(Tuning.DEFAULT)
                .conditions(Conditions.IDEAL)
                .scenario();
        Scenario whole = Edit.of(shrinker.whole())
                .conditions(best.conditions())
                .links(best.links())
                .scenario();
        // Steps and links name the replicas of the best, which may have other names by now.
        return Stream.of(ideal, whole)
                .filter(world -> world.replicas().containsAll(best.replicas()))
                .anyMatch(this::isShorterWithAnotherStep);
    }

    private boolean isShorterWithAnotherStep(Scenario world) {
        List<List<Step>> all = new Substitutes(world.replicas(), shrinker.mayMove()).of(fewer());
        int draws = Math.min(DRAWS, MOST_SUBSTITUTES / Math.max(1, all.size()));
        return all.stream().anyMatch(steps -> {
            List<Scenario> candidates = new ArrayList<>();
            Scenario changed = Edit.of(world).steps(steps).scenario();
            candidates.add(changed);
            candidates.add(WorldPasses.withFixedDelay(changed, Duration.ZERO));
            candidates.add(WorldPasses.withFixedDelay(changed, WorldPasses.USUAL_DELAY));
            candidates.addAll(DrawnRules.ofOneRule(world, steps, draws - draws / 4));
            candidates.addAll(DrawnRules.of(world, steps, 0, draws / 4));
            return shrinker.isTaken(candidates, ONE_SEED);
        });
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
