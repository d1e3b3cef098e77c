package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.protocol.ProtocolType;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a protocol promises to the clients of a story, as expectations. */
final class Promised {
    private Promised() {}

    /** Where clients or faults are such that nothing is promised to them, convergence alone is left. */
    static Scenario.Expected of(
            ProtocolType protocol, Optional<Workload> workload, List<Step> steps, Optional<RandomFaults> random) {
        boolean isKept = !losesDisks(steps, random) && (protocol.promises().moving() || !anyMoves(workload, steps));
        Map<Model, Boolean> promised = new TreeMap<>();
        for (String name : protocol.promises().models()) {
            Model model = Model.parse(name);
            if (isKept || model == Model.CONVERGED) {
                promised.put(model, true);
            }
        }
        return new Scenario.Expected(promised, Collections.emptyMap());
    }

    private static boolean anyMoves(Optional<Workload> workload, List<Step> steps) {
        Map<String, NodeId> homes = new HashMap<>();
        boolean stepsMove = steps.stream()
                .filter(Step.Ask.class::isInstance)
                .map(Step.Ask.class::cast)
                .anyMatch(ask -> !homes.computeIfAbsent(ask.client(), client -> ask.via())
                        .equals(ask.via()));
        return stepsMove || workload.filter(load -> load.moves() > 0).isPresent();
    }

    private static boolean losesDisks(List<Step> steps, Optional<RandomFaults> random) {
        boolean stepsLose = steps.stream()
                .anyMatch(step -> step instanceof Step.Inject inject
                        && (inject.fault() instanceof Fault.Wipe || inject.fault() instanceof Fault.Restore));
        return stepsLose
                || random.filter(faults -> faults.kinds().contains(RandomFaults.Kind.WIPES)
                                || faults.kinds().contains(RandomFaults.Kind.RESTORES))
                        .isPresent();
    }
}
