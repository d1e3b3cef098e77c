package io.orrery.bench.experiment;

import io.orrery.bench.Parallel;
import io.orrery.bench.experiment.OperationMeter.Measured;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.protocol.ProtocolType;
import io.orrery.simulation.Simulation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What each protocol goes on answering in each {@link StandardFault}: five replicas with clients, a fault that lasts for six
 * seconds, clients that wait for a second.
 */
public final class Availability {
    /** An election is over by then. */
    private static final Duration FROM = Duration.ofSeconds(3);

    private static final Duration TO = FROM.plusSeconds(6);

    /** Until when what is asked counts as asked after the fault: time for all to meet again. */
    private static final Duration END = TO.plusSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What is asked later may wait for the end of the fault, and is not counted. */
    private static final Duration LAST = TO.minus(PATIENCE);

    private static final double READS = 0.5;

    private static final Delay INTERVAL = new Delay.Uniform(Duration.ofMillis(50), Duration.ofMillis(150));

    /**
     * Shares that were answered within a second, of what clients asked replicas that could answer: those of crashed and paused
     * replicas do not count.
     *
     * @param writes while the fault lasted
     * @param reads while it lasted
     * @param after of both, in the three seconds after it
     */
    public record Cell(Share writes, Share reads, Share after) {}

    /** What a protocol answered in each fault. */
    public record Row(ProtocolType protocol, Map<StandardFault, Cell> cells) {}

    private final long firstSeed;
    private final int rounds;

    /** @param rounds in how many worlds each fault strikes each protocol */
    public Availability(long firstSeed, int rounds) {
        this.firstSeed = firstSeed;
        this.rounds = rounds;
    }

    /**
     * Measures protocols, on as many threads as there are processors.
     *
     * @param progress called after the worlds of each fault, on any thread
     * @return in the order of the protocols
     */
    public List<Row> run(List<ProtocolType> protocols, Consumer<String> progress) {
        List<Callable<Row>> rows = protocols.stream()
                .map(protocol -> (Callable<Row>) () -> row(protocol, progress))
                .toList();
        return Parallel.run(Runtime.getRuntime().availableProcessors(), rows, "a world failed");
    }

    private Row row(ProtocolType protocol, Consumer<String> progress) {
        Map<StandardFault, Cell> cells = new EnumMap<>(StandardFault.class);
        try (Simulation simulation = Simulation.start()) {
            for (StandardFault fault : StandardFault.values()) {
                cells.put(fault, measure(simulation, protocol, fault));
                progress.accept(protocol.name());
            }
        }
        return new Row(protocol, cells);
    }

    private Cell measure(Simulation simulation, ProtocolType protocol, StandardFault standardFault) {
        Tally tally = new Tally();
        for (long seed = firstSeed; seed < firstSeed + rounds; seed++) {
            play(simulation, protocol, standardFault, seed, tally);
        }
        return tally.cell;
    }

    private static void play(
            Simulation simulation, ProtocolType protocol, StandardFault standardFault, long seed, Tally tally) {
        try (LoadedWorld world = new LoadedWorld(simulation, protocol, seed, READS, INTERVAL, PATIENCE, tally::add)) {
            NodeId leader = world.runToLeader(FROM);
            List<NodeId> followers = LoadedWorld.REPLICAS.stream()
                    .filter(replica -> !replica.equals(leader))
                    .toList();
            List<Fault> faults = standardFault.faults(leader, followers);
            tally.struck = StandardFault.struck(faults).collect(Collectors.toSet());
            faults.forEach(world::apply);
            world.runTo(TO);
            StandardFault.ends(faults).forEach(world::apply);
            world.runTo(END.plus(PATIENCE));
        }
    }

    /** Counts by when operations began. */
    private static final class Tally {
        private final Cell cell = new Cell(new Share(), new Share(), new Share());
        private Set<NodeId> struck = Set.of();

        void add(Measured operation) {
            if (operation.began() < FROM.toNanos() || operation.began() >= END.toNanos()) {
                return;
            }
            if (operation.began() >= TO.toNanos()) {
                cell.after().add(operation.isAnswered());
            } else if (operation.began() < LAST.toNanos() && !struck.contains(operation.via())) {
                (operation.isRead() ? cell.reads() : cell.writes()).add(operation.isAnswered());
            }
        }
    }
}
