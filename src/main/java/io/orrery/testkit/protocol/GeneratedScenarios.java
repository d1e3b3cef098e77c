package io.orrery.testkit.protocol;

import io.orrery.check.Model;
import io.orrery.journal.DiskModel;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolOption;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.scenario.RandomFaults;
import io.orrery.scenario.RandomFaults.Kind;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.scenario.Workload;
import io.orrery.simulation.ClientModel;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import io.orrery.simulation.oracle.Oracles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Scenarios generated from a number: a workload with {@linkplain RandomFaults random faults}, all of which end. Each has
 * some of the features that there are, and not all, as faults have.
 */
public final class GeneratedScenarios {
    /** What a world may be besides usual; each is so in one world of so many. */
    private enum Feature {
        /** Links that differ by direction, some of them slow. */
        LINKS(2),
        /** Batches, buffers, times and limits far from the usual. */
        TUNING(2),
        /** Requests that time out. */
        HASTE(3),
        /** Replicas that take time, timers that are late, and clocks that are wrong. */
        PACE(3),
        /** Disks that take no time. */
        FAST_DISKS(3),
        /** Disks that keep in a crash what was under way, take time to be read, or have the values apart. */
        DISKS(2),
        /** Clients that are far away or ask again, a start over bad links, messages that are encoded. */
        CONDITIONS(2),
        /** Much is written while little passes: long catch-ups, and many gaps. */
        FLOOD(24),
        /** Values that repeat. */
        REPEATS(4),
        /** Deletes as often as writes. */
        DELETES(4),
        /** Stores that have no room for all that is written. */
        FULL(12),
        /** Writes made by hand in the name of other replicas, most of them impossible. */
        BY_HAND(12),
        /** Much is written while half is lost, and nobody is in a hurry to ask for it. */
        GAPS(24);

        private final int oneIn;

        Feature(int oneIn) {
            this.oneIn = oneIn;
        }
    }

    /** Drawn apart, so that worlds without them are the same as before there were any. */
    private static final Set<Feature> DRAWN_APART = EnumSet.of(Feature.FULL, Feature.BY_HAND, Feature.GAPS);

    /** Clocks are wrong from the start where a world has a pace of its own: they are not wrong for a while besides. */
    private static final Set<Kind> ANY = EnumSet.complementOf(EnumSet.of(Kind.CLOCKS));

    /** Any faults but those that only worlds without promises have. */
    private static final Set<Kind> KEPT =
            EnumSet.complementOf(EnumSet.of(Kind.WIPES, Kind.RESTORES, Kind.TWINS, Kind.CLOCKS));

    /** Where replicas vote. */
    private static final Set<Kind> WITHOUT_COPIES =
            EnumSet.complementOf(EnumSet.of(Kind.RESTORES, Kind.TWINS, Kind.CLOCKS));

    /** Stores without room never hold the same, however long they compare what they have. */
    private static final Duration WITHOUT_ROOM = Duration.ofSeconds(3);

    /** A write takes a few hundred bytes. */
    private static final long FEWEST_BYTES = 500;

    private static final long MOST_BYTES = 5_000;

    private static final int MANY_KEYS = 100;

    private static final Set<String> AT_ANY_TIME = new TreeSet<>(
            List.of("one-dot-one-write", "acknowledged-is-on-disk", "memory-is-journal", "within-limits"));

    private final ProtocolType protocol;
    private final long number;
    private final boolean judged;
    private final Set<Kind> kinds;
    private final Set<Feature> features = EnumSet.noneOf(Feature.class);
    private final SeededRandom random;
    private final List<NodeId> replicas;
    private final Duration length;

    private GeneratedScenarios(ProtocolType protocol, long number, boolean judged, Set<Kind> kinds) {
        this.protocol = protocol;
        this.number = number;
        this.judged = judged;
        this.kinds = kinds;
        random = SeededRandom.stream(number, "scenario");
        replicas = IntStream.range(0, 2 + random.nextInt(4))
                .mapToObj(i -> NodeId.of(String.valueOf((char) ('A' + i))))
                .toList();
        length = millis(upTo(100, 2_000));
        SeededRandom apart = SeededRandom.stream(number, "features drawn apart");
        for (Feature feature : Feature.values()) {
            if ((DRAWN_APART.contains(feature) ? apart : random).nextInt(feature.oneIn) == 0) {
                features.add(feature);
            }
        }
    }

    /** A scenario with any faults. */
    public static Scenario of(ProtocolType protocol, long number) {
        return new GeneratedScenarios(protocol, number, false, votes(protocol) ? WITHOUT_COPIES : ANY).generate();
    }

    /** Whether a replica must remember what it has said: an older copy of its disk or a second process may say otherwise. */
    private static boolean votes(ProtocolType protocol) {
        return protocol.leadership() == ProtocolType.Leadership.ELECTED;
    }

    /**
     * A scenario in which the protocol must keep its promises: no disk is lost, and clients move if the promises allow
     * it.
     */
    public static Scenario withinPromises(ProtocolType protocol, long number) {
        Set<Kind> kinds = EnumSet.copyOf(KEPT);
        // Not if clients must stay at one replica, because they reach either process; nor if a leader confirms alone
        // what is
        // promised to be one order: two processes make two.
        boolean isOneOrder = protocol.promises().models().stream()
                .map(Model::parse)
                .anyMatch(model -> model == Model.SEQUENTIAL || model == Model.LINEARIZABLE);
        boolean isMadeAlone = isOneOrder && protocol.leadership() == ProtocolType.Leadership.ALONE;
        // Nor where all or a majority confirm: two processes count twice, until all have heard which of them is the
        // replica.
        boolean isConfirmedByMany = switch (protocol.leadership()) {
            case MAJORITY, EVERYBODY, ELECTED -> true;
            case NONE, ALONE, QUORUM, ALL -> false;
        };
        if (protocol.promises().moving() && !isMadeAlone && !isConfirmedByMany) {
            kinds.add(Kind.TWINS);
        }
        return new GeneratedScenarios(protocol, number, true, kinds).generate();
    }

    /** The same scenario, for a protocol that offers it, with clients that compare and set, and few keys. */
    public static Scenario comparing(Scenario generated, long number) {
        SeededRandom random = SeededRandom.stream(number, "compare and set");
        Workload load = generated.workload().orElseThrow();
        double writes = 1 - load.reads() - load.deletes();
        return generated.withWorkload(
                load.withKeys(1 + random.nextInt(3)).comparing(writes * (0.3 + 0.7 * random.nextDouble())));
    }

    /**
     * The same scenario, for a protocol that remembers request ids, with clients that give their writes any and ask again, because much
     * is lost and doubled on their way; few keys, so that a write that acts twice hides another.
     */
    public static Scenario repeating(Scenario generated, long number) {
        SeededRandom random = SeededRandom.stream(number, "request ids");
        ClientModel clients = generated
                .conditions()
                .clients()
                .withWay(new LinkRule(
                        new Delay.Exponential(Duration.ofMillis(random.nextInt(10))),
                        0.05 + 0.2 * random.nextDouble(),
                        random.nextInt(2) * 0.2 * random.nextDouble(),
                        false))
                .withTimeout(generated.timeout())
                .withRetries(1 + random.nextInt(4), new Delay.Exponential(Duration.ofMillis(1 + random.nextInt(50))))
                .withRequestIds(true);
        Workload load = generated.workload().orElseThrow().withKeys(1 + random.nextInt(3));
        boolean compares = generated.protocol().compares() && random.nextInt(2) == 0;
        return generated
                .withConditions(generated.conditions().withClients(clients))
                .withWorkload(compares ? load.comparing((1 - load.reads() - load.deletes()) / 2) : load);
    }

    /** The same without twins. */
    public static Scenario withoutTwins(ProtocolType protocol, long number) {
        return new GeneratedScenarios(protocol, number, true, KEPT).generate();
    }

    private boolean has(Feature feature) {
        return features.contains(feature);
    }

    private Scenario generate() {
        int rate = 1 + random.nextInt(4);
        RandomFaults faults = new RandomFaults(kinds, Duration.ZERO, length, rates(rate), 0);
        Workload drawn = isFlooded() && !judged ? flood() : judged ? busyWorkload() : workload();
        Workload enough = isFull() ? drawn.withKeys(MANY_KEYS) : drawn;
        Workload workload = isByHand() ? enough.staying(replicas.size() - 1) : enough;
        ReplicaLimits limits = limits();
        Conditions conditions = has(Feature.CONDITIONS)
                ? GeneratedConditions.draw(random, replicas, limits.timeout())
                : Conditions.IDEAL;
        return new Scenario(
                "generated-" + number,
                "generated-" + number,
                "generated",
                protocol,
                replicas,
                options(),
                links(),
                disk(),
                tuning(),
                pace(),
                limits,
                isFull() ? WITHOUT_ROOM : Duration.ofMinutes(10),
                Optional.of(workload),
                steps(conditions),
                Optional.of(faults),
                new Scenario.Expected(
                        protocol.converges() && !isStrained() ? Map.of(Model.CONVERGED, true) : Map.of(),
                        Map.of(),
                        invariants(),
                        0),
                conditions);
    }

    /** Whether the world has limits far from the usual, or more writes than it can catch up with soon, or any that nobody made. */
    private boolean isStrained() {
        return has(Feature.TUNING) || isFlooded() || isFull() || isByHand();
    }

    private boolean isFlooded() {
        return has(Feature.FLOOD) || hasGaps();
    }

    private boolean hasGaps() {
        return has(Feature.GAPS) && !judged;
    }

    /** Some that are written by hand are too much as well. */
    private boolean isFull() {
        return (has(Feature.FULL) || has(Feature.BY_HAND) && number % 3 == 0) && !judged;
    }

    private boolean isByHand() {
        return has(Feature.BY_HAND) && !judged;
    }

    /** In a strained world only those that need no time to pass: it is not known yet how long one takes to recover. */
    private List<String> invariants() {
        return Oracles.of(protocol).stream()
                .map(NamedInvariant::name)
                .filter(name -> !isStrained() || AT_ANY_TIME.contains(name))
                .toList();
    }

    private DiskModel disk() {
        DiskModel disk = DiskModel.syncing(has(Feature.FAST_DISKS) ? Delay.NONE : delay(20));
        if (!has(Feature.DISKS)) {
            return disk;
        }
        DiskModel other = disk.withKeptInCrash(random.nextInt(2) * random.nextDouble())
                .withReplay(random.nextInt(2) == 0 ? Delay.NONE : delay(50))
                .withValuesOver(random.nextInt(2) == 0 ? DiskModel.IN_MEMORY : 0);
        return judged || random.nextInt(4) != 0 || votes(protocol) ? other : other.withPolicy(SyncPolicy.NEVER);
    }

    /** Where no client writes while others write by hand. */
    private NodeId last() {
        return replicas.get(replicas.size() - 1);
    }

    private List<Step> steps(Conditions conditions) {
        List<Step> steps = new ArrayList<>(starts(conditions));
        if (isByHand()) {
            steps.addAll(HandMadeSteps.draw(SeededRandom.stream(number, "by hand"), replicas, last(), length));
        }
        return steps;
    }

    /** Replicas that are absent in the beginning come some time. */
    private List<Step> starts(Conditions conditions) {
        return conditions.start().absent().stream()
                .<Step>map(id ->
                        new Step.Inject(Duration.ofNanos(random.nextLong(length.toNanos())), 0, new Fault.Restart(id)))
                .toList();
    }

    private Map<Kind, Integer> rates(int rate) {
        Map<Kind, Integer> rates = new TreeMap<>();
        kinds.forEach(kind -> rates.put(kind, rate));
        return rates;
    }

    /** Any leader, and any quorum but none, which promises less; of other whole numbers in half of the worlds low ones. */
    private ProtocolOptions options() {
        ProtocolOptions options = ProtocolOptions.usual(replicas);
        SeededRandom apart = SeededRandom.stream(number, "options");
        for (ProtocolOption<?> option : protocol.options()) {
            if (option.least().isPresent() && apart.nextInt(2) == 0) {
                options = lowered(options, option, apart);
            }
        }
        if (protocol.hasLeader()) {
            options = options.with(ProtocolOptions.LEADER, replicas.get(random.nextInt(replicas.size())));
        }
        return protocol.leadership() == ProtocolType.Leadership.QUORUM
                ? options.with(ProtocolOptions.WRITE_QUORUM, 1 + random.nextInt(replicas.size() - 1))
                : options;
    }

    private <T> ProtocolOptions lowered(ProtocolOptions options, ProtocolOption<T> option, SeededRandom apart) {
        int least = option.least().orElseThrow();
        int most = Integer.parseInt(String.valueOf(option.usual(replicas)));
        // Log-uniform, as limits are.
        long some = (long) (Math.max(1, least) * StrictMath.pow((most + 1.0) / Math.max(1, least), apart.nextDouble()));
        return options.with(option, option.parse(String.valueOf(Math.min(most, some)), replicas));
    }

    private List<Fault.ChangeLinks> links() {
        List<Fault.ChangeLinks> links = new ArrayList<>();
        double loss = isFlooded() ? 0.5 : chance();
        links.add(rule(Optional.empty(), Optional.empty(), delay(20), loss, chance()));
        if (has(Feature.LINKS)) {
            for (NodeId from : replicas) {
                for (NodeId to : replicas) {
                    if (!from.equals(to) && random.nextInt(3) == 0) {
                        links.add(rule(Optional.of(from), Optional.of(to), delay(upTo(1, 3_000)), chance(), chance()));
                    }
                }
            }
        }
        return links;
    }

    private static Fault.ChangeLinks rule(
            Optional<NodeId> from, Optional<NodeId> to, Delay delay, double loss, double duplicate) {
        return new Fault.ChangeLinks(
                from,
                to,
                new LinkChange(Optional.of(delay), Optional.of(loss), Optional.of(duplicate), Optional.empty()));
    }

    /** Of a loss, or of a double: none in half of the worlds. */
    private double chance() {
        return random.nextInt(2) * random.nextDouble() * 0.4;
    }

    private Tuning tuning() {
        return isFull() ? timesAndLimits().withStoreBytes(upTo(FEWEST_BYTES, MOST_BYTES)) : timesAndLimits();
    }

    private Tuning timesAndLimits() {
        if (hasGaps()) {
            return new Tuning(Duration.ofSeconds(5), Duration.ofSeconds(2), 20, 1_000);
        }
        if (!has(Feature.TUNING)) {
            return new Tuning(millis(500), Duration.ofMillis(20), 1 + random.nextInt(20), 1 + random.nextInt(50));
        }
        return new Tuning(millis(upTo(20, 5_000)), millis(upTo(1, 1_000)), (int) upTo(1, 1_000), (int) upTo(1, 1_000));
    }

    private PaceModel pace() {
        Map<NodeId, Delay> handling = new TreeMap<>();
        Map<NodeId, Double> clocks = new TreeMap<>();
        Delay late = Delay.NONE;
        if (has(Feature.PACE)) {
            for (NodeId id : replicas) {
                if (random.nextInt(2) == 0) {
                    handling.put(id, new Delay.Uniform(Duration.ZERO, Duration.ofNanos(upTo(10_000, 2_000_000))));
                }
                if (random.nextInt(2) == 0) {
                    clocks.put(id, 0.5 + random.nextDouble());
                }
            }
            late = new Delay.Uniform(Duration.ZERO, millis(1 + random.nextInt(20)));
        }
        return new PaceModel(handling, late, clocks);
    }

    private ReplicaLimits limits() {
        Duration timeout = millis(has(Feature.HASTE) ? upTo(20, 1_000) : 1_000);
        return has(Feature.TUNING)
                ? new ReplicaLimits(
                        (int) upTo(1, 1_000), (int) upTo(1, 1_000), timeout, upTo(2_000, ReplicaLimits.BYTES))
                : ReplicaLimits.DEFAULT.withTimeout(timeout);
    }

    private Workload workload() {
        int clients = 1 + random.nextInt(6);
        int operations = 20 + random.nextInt(60);
        double deletes = random.nextDouble() * (has(Feature.DELETES) ? 0.6 : 0.2);
        return new Workload(
                clients,
                operations,
                1 + random.nextInt(5),
                random.nextDouble() * (1 - deletes),
                deletes,
                random.nextInt(2) * random.nextDouble(),
                throughout(clients, operations),
                random.nextInt(2) == 0,
                has(Feature.REPEATS) ? 1 + random.nextInt(3) : 0);
    }

    private Workload flood() {
        int operations = 300 + random.nextInt(500);
        return new Workload(8, operations, 1 + random.nextInt(50), 0.1, 0.2, 0.1, throughout(8, operations), true, 0);
    }

    /** A workload that observes much: more clients than replicas, short think times, and many reads of written keys. */
    private Workload busyWorkload() {
        int clients = replicas.size() + random.nextInt(4);
        int operations = 60 + random.nextInt(60);
        boolean mayMove = protocol.promises().moving();
        return new Workload(
                clients,
                operations,
                2 + random.nextInt(3),
                0.4 + random.nextDouble() * 0.3,
                // A read of an absent key may have seen any delete: with many deletes the verdict can be undecided.
                number % 5 == 0 ? 0.05 : 0,
                mayMove ? (number % 3) * 0.2 : 0,
                number % 2 == 0
                        ? throughout(clients, operations)
                        : new Delay.Exponential(millis(1 + random.nextInt(6))),
                false,
                0);
    }

    /** Pauses that let a workload last about as long as the faults. */
    private Delay throughout(int clients, int operations) {
        return new Delay.Exponential(length.multipliedBy(clients).dividedBy(operations));
    }

    private Delay delay(long longestMillis) {
        Duration some = millis(1 + random.nextLong(longestMillis));
        return switch (random.nextInt(4)) {
            case 0 -> new Delay.Fixed(some);
            case 1 -> new Delay.Uniform(Duration.ZERO, some);
            case 2 -> new Delay.Exponential(some);
            default -> new Delay.Normal(some, some.dividedBy(2));
        };
    }

    private static Duration millis(long count) {
        return Duration.ofMillis(count);
    }

    /** Log-uniform: as often from 1 to 10 as from 10 to 100. */
    private long upTo(long lowest, long highest) {
        return Math.min(highest, (long) (lowest * StrictMath.pow((highest + 1.0) / lowest, random.nextDouble())));
    }
}
