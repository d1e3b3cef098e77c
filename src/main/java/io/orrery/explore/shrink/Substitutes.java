package io.orrery.explore.shrink;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Steps of which one is another than before: where no step can go, another one may do what two did. A client moves to another
 * replica, reads where it wrote, or does what another client did; a crash and a restart become one step.
 */
final class Substitutes {
    private final List<NodeId> replicas;
    private final boolean mayMove;

    /** @param mayMove whether a client may ask several replicas */
    Substitutes(List<NodeId> replicas, boolean mayMove) {
        this.replicas = replicas;
        this.mayMove = mayMove;
    }

    /** These lists, and each of them with one step changed. */
    List<List<Step>> of(List<List<Step>> lists) {
        Set<List<Step>> all = new LinkedHashSet<>(lists);
        for (List<Step> steps : lists) {
            for (int i = 0; i < steps.size(); i++) {
                int index = i;
                others(steps.get(i), steps).forEach(other -> all.add(Times.replaced(steps, index, other)));
            }
            for (int i = 1; i < steps.size(); i++) {
                List<Step> swapped = new ArrayList<>(steps);
                Collections.swap(swapped, i - 1, i);
                all.add(swapped);
            }
        }
        all.removeIf(it -> !mayMove && StepPasses.anyMoves(it));
        return List.copyOf(all);
    }

    private Stream<Step> others(Step step, List<Step> all) {
        if (step instanceof Step.Ask ask) {
            return Stream.of(otherPlaces(ask), otherClients(ask, all), otherOperations(ask, all))
                    .flatMap(it -> it);
        }
        return step instanceof Step.Inject inject && inject.fault() instanceof Fault.Crash crash
                ? Stream.of(new Step.Inject(step.at(), step.line(), new Fault.Restart(crash.replica())))
                : Stream.of();
    }

    /** The same client asks there, or one that asks only there. */
    private Stream<Step> otherPlaces(Step.Ask ask) {
        return replicas.stream()
                .filter(via -> !via.equals(ask.via()))
                .flatMap(via ->
                        Stream.of(StepPasses.asking(ask, ask.client(), via), StepPasses.asking(ask, "at" + via, via)));
    }

    private static Stream<Step> otherClients(Step.Ask ask, List<Step> all) {
        return Stream.concat(
                        all.stream().filter(Step.Ask.class::isInstance).map(it -> ((Step.Ask) it).client()),
                        Stream.of("another"))
                .distinct()
                .filter(client -> !client.equals(ask.client()))
                .map(client -> StepPasses.asking(ask, client, ask.via()));
    }

    private static Stream<Step> otherOperations(Step.Ask ask, List<Step> all) {
        Stream<Key> keys = all.stream()
                .filter(Step.Ask.class::isInstance)
                .map(it -> ((Step.Ask) it).operation().key())
                .distinct();
        return keys.flatMap(key -> Stream.of(
                        new Operation.Read(key), new Operation.Write(key, Value.of("instead at " + ask.at()))))
                .filter(it -> !(it.key().equals(ask.operation().key())
                        && it.getClass().equals(ask.operation().getClass())))
                .map(it -> new Step.Ask(ask.at(), ask.line(), ask.client(), ask.via(), it, Expectation.NOTHING));
    }
}
