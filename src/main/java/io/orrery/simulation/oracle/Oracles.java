package io.orrery.simulation.oracle;

import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaView;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The oracles of one world. Its replicas run the {@linkplain #watched watched} protocol and its observers include {@link
 * #observer}; when all is over, {@link #conclude} judges the end.
 *
 * <p>A replica's state changes only with an input, so each is looked at after each of its inputs. What takes longer, a
 * replay, is done now and then, and when a replica stops.
 */
public final class Oracles {
    private static final List<NamedInvariant> GENERAL = List.of(
            CountedDisks.NAME,
            KeptWrites.NAME,
            ArrivedWrites.NAME,
            UniqueWrites.NAME,
            ForwardClocks.NAME,
            ReplayedMemory.NAME,
            LostMemory.NAME,
            SingleAnswers.NAME,
            RepeatedRequests.NAME,
            Limits.NAME,
            Aftermath.ANSWERS,
            Aftermath.RESTS,
            Promptness.NAME);

    /** Of so many steps of a world one is followed by a look, where that takes time. */
    private static final int STEPS_TO_LOOK = 4;

    /** What needs a world that goes on. */
    private static final List<NamedInvariant> IN_TIME = List.of(Aftermath.ANSWERS, Aftermath.RESTS, Promptness.NAME);

    private final ProtocolType type;
    private final Set<NamedInvariant> asked;
    private final List<Oracle> oracles = new ArrayList<>();
    private final Map<NamedInvariant, Breach> breaches = new LinkedHashMap<>();
    private final Repair repair = new Repair();
    private WorldObserver told = WorldObserver.NONE;
    private int lives;

    /**
     * @param names of the invariants to watch over, of {@link #of}
     * @throws IllegalArgumentException when there is no such invariant
     */
    public Oracles(ProtocolType type, Collection<String> names) {
        this(type, names, STEPS_TO_LOOK);
    }

    /** @param stepsToLook 1 for a look after each step, whatever that takes */
    Oracles(ProtocolType type, Collection<String> names, int stepsToLook) {
        this.type = type;
        this.asked = new LinkedHashSet<>();
        for (String name : names) {
            asked.add(of(type).stream()
                    .filter(it -> it.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no invariant " + name)));
        }
        boolean versionsDecide = type.converges();
        add(CountedDisks.NAME, new CountedDisks(type, this::broke));
        add(KeptWrites.NAME, new KeptWrites(type, this::broke));
        add(ArrivedWrites.NAME, new ArrivedWrites(this::broke));
        add(UniqueWrites.NAME, new UniqueWrites(this::broke));
        add(ForwardClocks.NAME, new ForwardClocks(versionsDecide, stepsToLook, this::broke));
        add(ReplayedMemory.NAME, new ReplayedMemory(versionsDecide, stepsToLook, this::broke));
        add(LostMemory.NAME, new LostMemory(type, this::broke));
        add(SingleAnswers.NAME, new SingleAnswers(this::broke));
        add(RepeatedRequests.NAME, new RepeatedRequests(this::broke));
        add(Limits.NAME, new Limits(stepsToLook, this::broke));
        if (type.selfChecks().invariants().stream().anyMatch(asked::contains)) {
            oracles.add(new OwnInvariants(asked, stepsToLook, this::broke));
        }
    }

    private void add(NamedInvariant invariant, Oracle oracle) {
        if (asked.contains(invariant)) {
            oracles.add(oracle);
        }
    }

    /** The invariants that can be watched over in a world of a protocol: those of every protocol, and its own. */
    public static List<NamedInvariant> of(ProtocolType type) {
        return Stream.concat(GENERAL.stream(), type.selfChecks().invariants().stream())
                .toList();
    }

    /** Those that need no time, and so can be watched over without a world: by {@link WatchedReplicas}. */
    public static List<NamedInvariant> withoutTime(ProtocolType type) {
        return of(type).stream().filter(it -> !IN_TIME.contains(it)).toList();
    }

    /** All of them. */
    public static Oracles all(ProtocolType type) {
        return new Oracles(type, of(type).stream().map(NamedInvariant::name).toList());
    }

    /** The protocol, which tells the oracles what it does; to its replicas and clients there is no difference. */
    public ProtocolType watched() {
        return type.variant(type.name(), type.summary(), (settings, effects) -> {
            Life life = new Life(type, settings, ++lives);
            Protocol protocol = type.create(settings, new WatchedEffects(effects, life, oracles));
            WatchedProtocol watched = new WatchedProtocol(protocol, life, this::acted);
            life.lives(protocol, watched);
            return watched;
        });
    }

    private void acted(Life life) {
        for (Oracle oracle : oracles) {
            oracle.acted(life);
        }
    }

    /** Names who is told of each breach when it is seen. */
    public void tell(WorldObserver observer) {
        told = observer;
    }

    /** To be told of all events of the world. */
    public WorldObserver observer() {
        List<WorldObserver> all = new ArrayList<>(oracles);
        all.add(repair);
        return WorldObserver.all(all.toArray(WorldObserver[]::new));
    }

    private void broke(NamedInvariant invariant, String what) {
        if (asked.contains(invariant) && !breaches.containsKey(invariant)) {
            Duration now =
                    repair.world() == null ? Duration.ZERO : repair.world().now();
            breaches.put(invariant, new Breach(invariant, now, what));
            told.breached(invariant, what);
        }
    }

    /**
     * Judges the end of the world, which goes on for it: clients ask each replica for a write. Where a fault has not been
     * repaired, so that a replica is down, paused or cut off, nothing is judged.
     *
     * @param bound how long after the last fault a replica may take to answer, and as long again until it is at rest
     */
    public void conclude(Duration bound) {
        if (!repair.isComplete()) {
            return;
        }
        Aftermath aftermath = new Aftermath(repair.world(), bound);
        rest();
        if (asked.contains(Aftermath.ANSWERS)) {
            aftermath.probe(this::broke);
        }
        if (asked.contains(Aftermath.RESTS)) {
            aftermath.rest(this::broke);
        }
        if (asked.contains(Promptness.NAME)) {
            aftermath.calm(this::broke);
        }
    }

    /** Judges the end of replicas that run without a world, and are at rest. */
    void rest() {
        oracles.forEach(Oracle::rests);
    }

    /** Has the oracles look at replicas that have started and met. */
    void lookAt(Scene scene) {
        oracles.forEach(oracle -> oracle.looksAt(scene));
    }

    /** How many writes a replica has accepted that have still to be handed on. */
    public static long acceptedBy(ReplicaView view) {
        return Telling.acceptedBy(view);
    }

    /** What did not hold, in the order in which it was seen; of each invariant the first time. */
    public List<Breach> breaches() {
        return List.copyOf(breaches.values());
    }
}
