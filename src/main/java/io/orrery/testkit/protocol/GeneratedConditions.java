package io.orrery.testkit.protocol;

import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import io.orrery.network.LossRun;
import io.orrery.network.SeededRandom;
import io.orrery.simulation.ClientModel;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.StartModel;
import java.time.Duration;
import java.util.List;

/** Draws the conditions of a world, each with a chance of its own, so that each world has some of them. */
public final class GeneratedConditions {
    private static final long MOST_INCARNATIONS = 1_000;

    private final SeededRandom random;

    private GeneratedConditions(SeededRandom random) {
        this.random = random;
    }

    /**
     * Conditions under which each promise must hold.
     *
     * @param replicas those of the world; those that are drawn to be absent have to be restarted
     * @param timeout how long a replica lets a request wait
     */
    public static Conditions draw(SeededRandom random, List<NodeId> replicas, Duration timeout) {
        return new GeneratedConditions(random).conditions(replicas, timeout);
    }

    private Conditions conditions(List<NodeId> replicas, Duration timeout) {
        return Conditions.IDEAL
                .withStart(start(replicas))
                .withClients(clients(timeout))
                .withEncoded(isOneOf(2))
                .withMembership(isOneOf(2));
    }

    private StartModel start(List<NodeId> replicas) {
        StartModel start = StartModel.MET
                .withOverLinks(isOneOf(2))
                .withIncarnation(isOneOf(2) ? random.nextLong(MOST_INCARNATIONS) : 0);
        return isOneOf(4) ? start.withAbsent(List.of(replicas.get(random.nextInt(replicas.size())))) : start;
    }

    private ClientModel clients(Duration timeout) {
        if (isOneOf(3)) {
            return ClientModel.NEAR;
        }
        LinkRule way = new LinkRule(
                        new Delay.Exponential(Duration.ofMillis(random.nextInt(10))),
                        isOneOf(2) ? random.nextDouble() * 0.1 : 0,
                        isOneOf(3) ? random.nextDouble() * 0.1 : 0,
                        false)
                .withRuns(isOneOf(2) ? LossRun.SINGLE : new LossRun(1, 1 + random.nextInt(5)));
        ClientModel clients = ClientModel.NEAR
                .withWay(way)
                .withToldOfCrashes(isOneOf(2))
                .withRetries(
                        isOneOf(2) ? random.nextInt(4) : 0,
                        new Delay.Exponential(Duration.ofMillis(1 + random.nextInt(100))));
        return isOneOf(2) ? clients.withTimeout(timeout) : clients;
    }

    private boolean isOneOf(int number) {
        return random.nextInt(number) == 0;
    }
}
