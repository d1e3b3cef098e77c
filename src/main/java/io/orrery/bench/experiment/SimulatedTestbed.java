package io.orrery.bench.experiment;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Client;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Replicas in virtual time. */
final class SimulatedTestbed implements Testbed {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final TestbedSpec testbedSpec;
    private final Simulation simulation = Simulation.start();
    private final World world;
    private final SeededRandom random;
    private final List<Sample> samples = new ArrayList<>();
    private int clients;
    private int busy;

    SimulatedTestbed(TestbedSpec testbedSpec) {
        this.testbedSpec = testbedSpec;
        WorldSpec spec = new WorldSpec(
                testbedSpec.protocol(),
                testbedSpec.ids(),
                testbedSpec.options(),
                new LinkRule(testbedSpec.links(), 0, 0, false),
                Delay.NONE,
                Tuning.DEFAULT,
                ReplicaLimits.DEFAULT.withTimeout(TIMEOUT));
        world = simulation.begin(spec, testbedSpec.seed(), WorldObserver.NONE);
        random = SeededRandom.stream(testbedSpec.seed(), "clients");
    }

    /** A client and its remaining operations. */
    private final class Script {
        private final Client client = world.client("client" + ++clients);
        private final Iterator<Ask> asks;
        private NodeId leader;

        Script(List<Ask> asks) {
            this.asks = asks.iterator();
            client.setTimeout(TIMEOUT);
        }

        void goOn() {
            if (!asks.hasNext()) {
                busy--;
                return;
            }
            Ask ask = asks.next();
            boolean reads = ask.operation() instanceof Operation.Read;
            request(ask, reads || leader == null ? ask.via() : leader, world.nowNanos());
        }

        private void request(Ask ask, NodeId via, long began) {
            onTheWay(() -> client.invoke(via, ask.operation(), outcome -> {
                OptionalInt holders = holders(ask.operation(), outcome);
                onTheWay(() -> answered(ask, outcome, holders, began));
            }));
        }

        private void answered(Ask ask, Outcome outcome, OptionalInt holders, long began) {
            if (outcome instanceof Outcome.Refused refused && refused.reason() == Outcome.Reason.NOT_LEADER) {
                leader = NodeId.of(refused.detail());
                request(ask, leader, began);
            } else if (outcome instanceof Outcome.Done) {
                samples.add(new Sample(ask, world.nowNanos() - began, holders));
                goOn();
            } else {
                throw new IllegalStateException(ask + " was not done: " + outcome);
            }
        }

        private void onTheWay(Runnable arrival) {
            world.after(new Delay.Fixed(testbedSpec.clientDelay()), random, arrival);
        }
    }

    private OptionalInt holders(Operation operation, Outcome outcome) {
        if (!(operation instanceof Operation.Write
                && outcome instanceof Outcome.Done done
                && done.version().isPresent())) {
            return OptionalInt.empty();
        }
        Version written = done.version().get();
        return OptionalInt.of((int) world.views().values().stream()
                .filter(view -> view.lookup(operation.key())
                        .filter(held -> held.version().compareTo(written) >= 0)
                        .isPresent())
                .count());
    }

    @Override
    public List<Sample> run(List<List<Ask>> scripts) {
        samples.clear();
        busy = scripts.size();
        List<Script> started = scripts.stream().map(Script::new).toList();
        started.forEach(Script::goOn);
        while (busy > 0 && world.step()) {
            // The loop's condition runs the next event.
        }
        return List.copyOf(samples);
    }

    @Override
    public Map<NodeId, Map<String, String>> contents() {
        Map<NodeId, Map<String, String>> contents = new TreeMap<>();
        world.views().forEach((id, view) -> {
            Map<String, String> held = contents.computeIfAbsent(id, any -> new TreeMap<>());
            view.forEach(update -> held.put(update.key().name(), update.value() + " " + update.version()));
        });
        return contents;
    }

    @Override
    public Duration waitUntil(BooleanSupplier condition, Duration limit) {
        Duration began = world.now();
        world.runUntil(condition, began.plus(limit));
        return world.now().minus(began);
    }

    @Override
    public long toleranceNanos() {
        return 0;
    }

    @Override
    public void close() {
        simulation.close();
    }
}
