package io.orrery.explore.shrink;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Fewer steps, and fewer clients. */
final class StepPasses {
    /** Up to so many steps each pair is tried, such as a fault and its end. */
    private static final int PAIRS_UP_TO = 40;

    /** Candidates of many steps take memory. */
    private static final int AT_A_TIME = 64;

    private final Shrinker shrinker;

    StepPasses(Shrinker shrinker) {
        this.shrinker = shrinker;
    }

    /** Leaves steps out: large parts first, single steps last, until no step can go, and no pair of few. */
    void shorten() {
        cutEnds();
        do {
            for (int size = Math.max(1, steps().size() / 2); size >= 1; size /= 2) {
                leaveOut(size);
            }
        } while (steps().size() <= PAIRS_UP_TO && isShorterByAPair());
    }

    private List<Step> steps() {
        return shrinker.best().steps();
    }

    private Scenario with(List<Step> steps) {
        return Edit.of(shrinker.best()).steps(steps).scenario();
    }

    /** Leaves out the end after what is wrong, and the beginning before it, by halving. */
    private void cutEnds() {
        int shortest = 0;
        while (shortest + 1 < steps().size()) {
            int middle = (shortest + steps().size()) / 2;
            if (shrinker.take(List.of(with(steps().subList(0, middle)))) < 0) {
                shortest = middle;
            }
        }
        int part = steps().size() / 2;
        while (part > 0 && steps().size() > 1) {
            boolean isCut =
                    part < steps().size() && shrinker.take(List.of(with(steps().subList(part, steps().size())))) >= 0;
            if (!isCut) {
                part /= 2;
            }
        }
    }

    /** Writes values in place of deletes: a read tells a value from what was there before, and nothing from nothing not. */
    void writeInsteadOfDelete() {
        List<Step> written = new ArrayList<>();
        for (Step step : steps()) {
            written.add(
                    step instanceof Step.Ask ask && ask.operation() instanceof Operation.Delete delete
                            ? new Step.Ask(
                                    ask.at(),
                                    ask.line(),
                                    ask.client(),
                                    ask.via(),
                                    new Operation.Write(delete.key(), Value.of("instead of delete " + written.size())),
                                    ask.expectation())
                            : step);
        }
        shrinker.isTaken(with(written));
    }

    private void leaveOut(int size) {
        int from = 0;
        while (from < steps().size() && steps().size() > 1) {
            List<Scenario> candidates = new ArrayList<>();
            for (int at = from; at < steps().size() && candidates.size() < AT_A_TIME; at += size) {
                candidates.add(with(without(at, Math.min(steps().size(), at + size))));
            }
            int taken = shrinker.take(candidates);
            from += (taken < 0 ? candidates.size() : taken) * size;
        }
    }

    private List<Step> without(int from, int to) {
        List<Step> left = new ArrayList<>(steps());
        left.subList(from, to).clear();
        return left;
    }

    private boolean isShorterByAPair() {
        List<Scenario> candidates = new ArrayList<>();
        for (int a = 0; a < steps().size(); a++) {
            for (int b = a + 1; b < steps().size() && steps().size() > 2; b++) {
                List<Step> left = without(b, b + 1);
                left.remove(a);
                candidates.add(with(left));
            }
        }
        return shrinker.take(candidates) >= 0;
    }

    /**
     * Lets one client do what two did. It asks one replica, unless clients of the run moved: many protocols promise less to one
     * that moves.
     */
    void merge() {
        boolean isMerged = true;
        while (isMerged) {
            List<String> clients = steps().stream()
                    .filter(Step.Ask.class::isInstance)
                    .map(step -> ((Step.Ask) step).client())
                    .distinct()
                    .toList();
            List<Scenario> candidates = new ArrayList<>();
            for (String kept : clients) {
                for (String merged : clients.subList(clients.indexOf(kept) + 1, clients.size())) {
                    candidates.add(with(steps().stream()
                            .map(step -> asked(step, merged, kept))
                            .toList()));
                }
            }
            candidates.removeIf(it -> !shrinker.mayMove() && anyMoves(it.steps()));
            isMerged = shrinker.take(candidates) >= 0;
        }
    }

    /** Lets clients stay at one replica: each replica has a client of its own, or each client asks where it asked first. */
    void stay() {
        if (!anyMoves(steps())) {
            return;
        }
        Map<String, NodeId> homes = new HashMap<>();
        steps().forEach(step -> {
            if (step instanceof Step.Ask ask) {
                homes.putIfAbsent(ask.client(), ask.via());
            }
        });
        Function<Step.Ask, Step> oneForEachReplica = ask -> asking(ask, "at" + ask.via(), ask.via());
        Function<Step.Ask, Step> atHome = ask -> asking(ask, ask.client(), homes.get(ask.client()));
        List<Scenario> candidates = new ArrayList<>();
        for (Function<Step.Ask, Step> change : List.of(oneForEachReplica, atHome)) {
            candidates.add(with(steps().stream()
                    .map(step -> step instanceof Step.Ask ask ? change.apply(ask) : step)
                    .toList()));
        }
        shrinker.take(candidates);
    }

    static Step asking(Step.Ask ask, String client, NodeId via) {
        return new Step.Ask(ask.at(), ask.line(), client, via, ask.operation(), ask.expectation());
    }

    static boolean anyMoves(List<Step> steps) {
        Map<String, NodeId> homes = new HashMap<>();
        return steps.stream()
                .anyMatch(step -> step instanceof Step.Ask ask
                        && !ask.via().equals(homes.computeIfAbsent(ask.client(), client -> ask.via())));
    }

    private static Step asked(Step step, String merged, String kept) {
        return step instanceof Step.Ask ask && ask.client().equals(merged) ? asking(ask, kept, ask.via()) : step;
    }
}
