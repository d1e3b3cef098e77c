package io.orrery.bench.experiment;

import io.orrery.bench.Parallel;
import io.orrery.bench.experiment.OperationMeter.Measured;
import io.orrery.check.CheckOptions;
import io.orrery.check.Model;
import io.orrery.check.Staleness;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Regions;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * What each protocol costs and gives: every one under the same load and faults, in many worlds. Measures how long writes and
 * reads take in each region, the share that is answered around each fault, the staleness of reads, what replicas send, and
 * which models held in all worlds.
 */
public final class Comparison {
    private final Scenario scenario;
    private final Optional<Regions> regions;
    private final List<ProtocolType> protocols;
    private final long firstSeed;
    private final int seeds;
    private final Map<String, NodeId> homes;
    private final List<FaultWindow> faults;

    /**
     * @param promised the models that the protocol promises to such clients, under such faults
     * @param answered the share of operations that were neither refused nor left unknown
     * @param stale the share of reads that missed the newest write acknowledged before them
     * @param behind for those reads, the time since that write was acknowledged
     * @param messages how many messages replicas sent for each operation
     * @param bytes of these messages, for each operation
     * @param places by region; one place, if there are none
     * @param faults around each fault of the steps
     */
    public record Figure(
            ProtocolType protocol,
            Set<Model> promised,
            PromiseTable standing,
            Latencies writes,
            Latencies reads,
            double answered,
            double stale,
            Latencies behind,
            double messages,
            double bytes,
            List<Place> places,
            List<AroundFault> faults) {
        /** The smallest share that was answered during a fault; empty if no operation began during one. */
        public Optional<AroundFault> worstFault() {
            return faults.stream()
                    .filter(fault -> !fault.during().isEmpty())
                    .min(Comparator.comparingDouble(fault -> fault.during().value()));
        }
    }

    /**
     * What clients in a region saw.
     *
     * @param name of the region; empty if there are no regions
     */
    public record Place(String name, Latencies writes, Latencies reads, Share answered) {}

    /**
     * The shares that were answered of the operations that began before, during and after a fault, at replicas that were up
     * then.
     */
    public record AroundFault(String fault, Share before, Share during, Share after) {}

    /**
     * @param scenario the load and the faults; its protocol is ignored
     * @param regions where replicas and clients are; without them clients are where the scenario says
     * @param seeds the number of worlds for each protocol
     */
    public Comparison(
            Scenario scenario, Optional<Regions> regions, List<ProtocolType> protocols, long firstSeed, int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds is 1 or more, not " + seeds);
        }
        this.scenario = regions.map(it -> it.applyTo(scenario)).orElse(scenario);
        this.regions = regions;
        this.protocols = List.copyOf(protocols);
        this.firstSeed = firstSeed;
        this.seeds = seeds;
        this.homes = Regions.homes(scenario);
        this.faults = FaultWindow.of(scenario);
    }

    /** The total number of worlds. */
    public int worlds() {
        return protocols.size() * seeds;
    }

    /**
     * Measures all protocols, on as many threads as there are processors.
     *
     * @param progress called after each world, on any thread
     * @return from the strongest protocol to the weakest
     */
    public List<Figure> run(Consumer<ProtocolType> progress) {
        List<Callable<Figure>> measured = protocols.stream()
                .map(protocol -> (Callable<Figure>) () -> measure(protocol, progress))
                .toList();
        return Parallel.run(Runtime.getRuntime().availableProcessors(), measured, "a world failed").stream()
                .sorted(Comparator.comparingInt(figure -> figure.standing().rank()))
                .toList();
    }

    private Figure measure(ProtocolType protocol, Consumer<ProtocolType> progress) {
        Scenario story = scenario.with(protocol, scenario.links(), scenario.workload(), scenario.steps());
        Tally tally = new Tally(protocol);
        try (Simulation simulation = Simulation.start()) {
            for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
                tally.add(ScenarioRunner.run(simulation, story, seed, tally.observer, List.of(Model.CONVERGED)));
                progress.accept(protocol);
            }
        }
        return tally.figure(story.promised());
    }

    /** The results of one protocol's worlds so far. */
    private final class Tally {
        private final ProtocolType protocol;
        private final PromiseTable promiseTable = new PromiseTable();
        private final Latencies writes = new Latencies();
        private final Latencies reads = new Latencies();
        private final Latencies behind = new Latencies();
        private final Share answered = new Share();
        private final Map<String, Place> places = new LinkedHashMap<>();
        private final List<AroundFault> around = new ArrayList<>();
        private final Traffic traffic;
        private final WorldObserver observer;
        private long measuredReads;

        Tally(ProtocolType protocol) {
            this.protocol = protocol;
            this.traffic = new Traffic(protocol);
            this.observer = WorldObserver.all(new OperationMeter(this::add), traffic);
            regions.map(Regions::names)
                    .orElse(List.of(""))
                    .forEach(name -> places.put(name, new Place(name, new Latencies(), new Latencies(), new Share())));
            faults.forEach(fault -> around.add(new AroundFault(fault.fault(), new Share(), new Share(), new Share())));
        }

        private void add(Measured operation) {
            answered.add(operation.isAnswered());
            Place place = places.get(regions.map(it -> it.replicas().get(homes.get(operation.client())))
                    .orElse(""));
            place.answered().add(operation.isAnswered());
            if (operation.isAnswered()) {
                (operation.isRead() ? reads : writes).add(operation.nanos());
                (operation.isRead() ? place.reads() : place.writes()).add(operation.nanos());
            }
            // Whoever asks a replica that is down asks in vain with each protocol, and again at once.
            for (int i = 0; operation.wasUp() && i < faults.size(); i++) {
                AroundFault fault = around.get(i);
                switch (faults.get(i).partOf(operation.began())) {
                    case BEFORE -> fault.before().add(operation.isAnswered());
                    case DURING -> fault.during().add(operation.isAnswered());
                    case AFTER -> fault.after().add(operation.isAnswered());
                    case ELSEWHERE -> {
                        // It says nothing of this fault.
                    }
                }
            }
        }

        void add(Run run) {
            promiseTable.judge(run.seed(), run.history(), run.verdicts().get(Model.CONVERGED));
            Staleness.measure(run.history(), CheckOptions.DEFAULT, (versions, nanos) -> {
                measuredReads++;
                if (versions > 0) {
                    behind.add(nanos);
                }
            });
        }

        Figure figure(Set<Model> promised) {
            double stale = measuredReads == 0 ? 0 : (double) behind.count() / measuredReads;
            double operations = answered.count();
            return new Figure(
                    protocol,
                    promised,
                    promiseTable,
                    writes,
                    reads,
                    answered.value(),
                    stale,
                    behind,
                    operations == 0 ? 0 : traffic.messages() / operations,
                    operations == 0 ? 0 : traffic.bytes() / operations,
                    List.copyOf(places.values()),
                    around);
        }
    }
}
