package io.orrery.bench.experiment;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Client;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Five replicas in virtual time, with clients beside each. They ask it at moments of their own, whether earlier requests have
 * been answered or not, so that a replica that answers nobody is asked as often as another. Where a follower refuses, they ask
 * the leader. Whoever plays a fault finds out here which replica leads.
 */
final class LoadedWorld implements AutoCloseable {
    static final List<NodeId> REPLICAS =
            Stream.of("A", "B", "C", "D", "E").map(NodeId::of).toList();

    private static final int KEYS = 10;

    /** How long is looked at who sends the most, where that tells who leads. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final ProtocolType protocol;
    private final ProtocolOptions options = ProtocolOptions.usual(REPLICAS);
    private final World world;
    private final OperationMeter meter;
    private final Duration patience;
    private final double reads;
    private final Delay interval;
    private final Map<NodeId, Long> sent = new TreeMap<>();
    private final Set<NodeId> deserted = new TreeSet<>();
    private long written;

    /**
     * @param reads the share of reads, 0 to 1
     * @param interval between two requests to one replica
     * @param patience how long a client waits for an answer
     * @param listener is told of each operation
     */
    LoadedWorld(
            Simulation simulation,
            ProtocolType protocol,
            long seed,
            double reads,
            Delay interval,
            Duration patience,
            Consumer<OperationMeter.Measured> listener) {
        this.protocol = protocol;
        this.reads = reads;
        this.interval = interval;
        this.patience = patience;
        WorldSpec spec = new WorldSpec(
                protocol,
                REPLICAS,
                options,
                ScenarioRunner.USUAL_LINK,
                Delay.NONE,
                Tuning.DEFAULT,
                ReplicaLimits.DEFAULT.withTimeout(patience));
        meter = new OperationMeter(listener);
        WorldObserver sends = new WorldObserver() {
            @Override
            public void sent(InFlightMessage inFlightMessage) {
                sent.merge(inFlightMessage.from(), 1L, Long::sum);
            }
        };
        world = simulation.begin(spec, seed, WorldObserver.all(meter, sends));
        REPLICAS.forEach(home -> new Load(home).goOn());
    }

    /** The requests to one replica, by as many clients as wait for answers at a time. */
    private final class Load {
        private final NodeId home;
        private final List<Client> clients = new ArrayList<>();
        private final SeededRandom random;

        Load(NodeId home) {
            this.home = home;
            random = world.stream("load/" + home);
        }

        void goOn() {
            world.after(interval, random, () -> {
                if (!deserted.contains(home)) {
                    ask(idle(), home, operation());
                    goOn();
                }
            });
        }

        private Client idle() {
            return clients.stream()
                    .filter(client -> !client.isBusy())
                    .findFirst()
                    .orElseGet(() -> {
                        Client client = world.client("client-" + home + "-" + (clients.size() + 1));
                        client.setTimeout(patience);
                        clients.add(client);
                        return client;
                    });
        }

        private Operation operation() {
            Key key = Key.of("k" + random.nextInt(KEYS));
            return random.nextDouble() < reads
                    ? new Operation.Read(key)
                    : new Operation.Write(key, Value.of(++written));
        }

        private void ask(Client client, NodeId via, Operation operation) {
            client.invoke(via, operation, outcome -> {
                if (via.equals(home)
                        && outcome instanceof Outcome.Refused refused
                        && refused.reason() == Outcome.Reason.NOT_LEADER) {
                    ask(client, NodeId.of(refused.detail()), operation);
                }
            });
        }
    }

    long nowNanos() {
        return world.nowNanos();
    }

    SeededRandom stream(String use) {
        return world.stream(use);
    }

    /**
     * Runs to a time.
     *
     * @return the replica that leads then, or the first where none leads
     */
    NodeId runToLeader(Duration time) {
        world.runTo(time.minus(LOOK));
        sent.clear();
        world.runTo(time);
        return switch (protocol.leadership()) {
            case NONE, MAJORITY, EVERYBODY -> REPLICAS.get(0);
            case ALONE, QUORUM, ALL -> options.get(ProtocolOptions.LEADER);
            // A leader sends to all, and its followers to it alone.
            case ELECTED ->
                REPLICAS.stream()
                        .max((one, other) -> Long.compare(sent.getOrDefault(one, 0L), sent.getOrDefault(other, 0L)))
                        .orElseThrow();
        };
    }

    void runTo(Duration time) {
        world.runTo(time);
    }

    boolean runUntil(BooleanSupplier condition, Duration limit) {
        return world.runUntil(condition, limit);
    }

    void apply(Fault fault) {
        world.apply(fault);
    }

    /** The clients beside a replica ask no more. */
    void desert(NodeId replica) {
        deserted.add(replica);
    }

    /** Ends the world; operations that are open have not been answered. */
    @Override
    public void close() {
        meter.ended();
        world.close();
    }
}
