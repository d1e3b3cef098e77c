package io.orrery.bench.experiment;

import io.orrery.bench.Parallel;
import io.orrery.bench.experiment.OperationMeter.Measured;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.protocol.ProtocolType;
import io.orrery.simulation.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * How long writes are not answered after the leader was killed for good (where none leads, after a replica was), under load:
 * five replicas, a write every 20 ms beside each, one kill in each world.
 */
public final class Failover {
    /** An election is over by then. The moment of the kill is drawn from the second that follows. */
    private static final Duration CALM = Duration.ofSeconds(2);

    private static final Delay MOMENT = new Delay.Uniform(Duration.ZERO, Duration.ofSeconds(1));

    /** Writes that are not answered for so long never are. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    /** How long a client waits for one answer. */
    public static final Duration PATIENCE = Duration.ofMillis(200);

    private static final Delay INTERVAL = new Delay.Uniform(Duration.ofMillis(10), Duration.ofMillis(30));

    private final long firstSeed;
    private final int rounds;

    /**
     * What followed the kills.
     *
     * @param first the time until a write was answered again
     * @param everywhere the time until each replica that was left had answered a write again
     * @param never how often that did not come
     */
    public record Figure(ProtocolType protocol, Latencies first, Latencies everywhere, int rounds, int never) {}

    /** @param rounds the number of kills for each protocol */
    public Failover(long firstSeed, int rounds) {
        this.firstSeed = firstSeed;
        this.rounds = rounds;
    }

    /**
     * Measures protocols, on as many threads as there are processors.
     *
     * @param progress called after each kill, on any thread
     * @return in the order of the protocols
     */
    public List<Figure> run(List<ProtocolType> protocols, Consumer<String> progress) {
        List<Callable<Figure>> figures = protocols.stream()
                .map(protocol -> (Callable<Figure>) () -> measure(protocol, progress))
                .toList();
        return Parallel.run(Runtime.getRuntime().availableProcessors(), figures, "a world failed");
    }

    private Figure measure(ProtocolType protocol, Consumer<String> progress) {
        Latencies first = new Latencies();
        Latencies everywhere = new Latencies();
        int never = 0;
        try (Simulation simulation = Simulation.start()) {
            for (long seed = firstSeed; seed < firstSeed + rounds; seed++) {
                Answers answers = new Answers();
                try (LoadedWorld world =
                        new LoadedWorld(simulation, protocol, seed, 0, INTERVAL, PATIENCE, answers::add)) {
                    Duration moment = CALM.plusNanos(MOMENT.sampleNanos(world.stream("kill")));
                    NodeId leader = world.runToLeader(moment);
                    world.apply(new Fault.Crash(leader));
                    world.desert(leader);
                    answers.killed(leader, world.nowNanos());
                    world.runUntil(answers::areAll, moment.plus(LIMIT));
                }
                answers.first().ifPresent(first::add);
                if (answers.areAll()) {
                    everywhere.add(answers.last());
                } else {
                    never++;
                }
                progress.accept(protocol.name());
            }
        }
        return new Figure(protocol, first, everywhere, rounds, never);
    }

    /** When each replica that is left first answered a write that was asked after the kill. */
    private static final class Answers {
        private final Map<NodeId, Long> nanos = new TreeMap<>();
        private Set<NodeId> left = Set.of();
        private long killed = Long.MAX_VALUE;

        void killed(NodeId leader, long now) {
            left = LoadedWorld.REPLICAS.stream()
                    .filter(replica -> !replica.equals(leader))
                    .collect(Collectors.toSet());
            killed = now;
        }

        void add(Measured operation) {
            if (operation.isAnswered() && operation.began() >= killed && left.contains(operation.via())) {
                nanos.putIfAbsent(operation.via(), operation.ended() - killed);
            }
        }

        boolean areAll() {
            return nanos.size() == left.size();
        }

        OptionalLong first() {
            return nanos.values().stream().mapToLong(Long::longValue).min();
        }

        long last() {
            return nanos.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        }
    }

    /** The figures as a table. */
    public static Sheet sheet(List<Figure> figures) {
        Sheet sheet = new Sheet()
                .text("protocol", "protocol")
                .text("killed", "killed")
                .millis("firstP50Millis", "first p50")
                .millis("firstP99Millis", "p99")
                .millis("everywhereP50Millis", "everywhere p50")
                .millis("everywhereP99Millis", "p99")
                .count("recovered", "recovered")
                .count("kills", "of");
        for (Figure figure : figures) {
            sheet.row()
                    .add(figure.protocol().name())
                    .add(hasLeader(figure.protocol()) ? "the leader" : "a replica")
                    .add(percentile(figure.first(), 50))
                    .add(percentile(figure.first(), 99))
                    .add(percentile(figure.everywhere(), 50))
                    .add(percentile(figure.everywhere(), 99))
                    .add(figure.rounds() - figure.never())
                    .add(figure.rounds());
        }
        return sheet;
    }

    private static boolean hasLeader(ProtocolType protocol) {
        return protocol.hasLeader() || protocol.leadership() == ProtocolType.Leadership.ELECTED;
    }

    private static Double percentile(Latencies latencies, double percent) {
        return latencies.count() == 0 ? null : latencies.percentile(percent);
    }

    /** The protocols of which writes were answered no more after some kill, in words; empty if there are none. */
    public static List<String> neverRecovering(List<Figure> figures) {
        return figures.stream()
                .filter(figure -> figure.never() > 0)
                .map(figure -> figure.protocol()
                        + (figure.first().count() == 0
                                ? " answers no write any more"
                                : " never answers writes at every replica again")
                        + " in " + figure.never() + " of " + figure.rounds() + " kills.")
                .toList();
    }
}
