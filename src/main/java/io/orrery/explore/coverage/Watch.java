package io.orrery.explore.coverage;

import io.orrery.clock.VersionVector;
import io.orrery.loop.Mixer;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ReplicaView;
import io.orrery.scenario.Scenario;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches what one world covers. Of replicas it knows what reaches them, the effects that they have, and what they tell of
 * themselves; nothing of their code.
 *
 * <p>A branch is what a replica makes of an input: the kind of the input and the kinds of its effects, in the order in which each
 * first came. Two ways through the code with the same effects are one branch here, and one way may be several.
 */
public final class Watch implements WorldObserver {
    private static final String EARLY = "shown before what its writer had seen";

    private final List<NodeId> replicas;
    private final Optional<NodeId> leader;
    private final Names names;
    private final Map<String, Integer> inputs = new HashMap<>();
    private final Set<String> branches = new HashSet<>();
    private final Map<Long, Long> hazards = new LinkedHashMap<>();
    private final Map<NodeId, Replica> states = new TreeMap<>();
    private final Map<String, Long> hazardCounts = new HashMap<>();
    private final Told told = new Told();
    /** What had happened before each message was sent. */
    private final Map<Object, Long> causes = new IdentityHashMap<>();

    private World world;
    private boolean isOver;
    private boolean hasRestarted;
    private long shape;

    /** What is known of a replica. */
    private static final class Replica {
        private final Set<String> effects = new LinkedHashSet<>();
        private ReplicaView view;
        private long starts;
        private boolean isPaused;
        private boolean isBuffering;
        private VersionVector known = VersionVector.EMPTY;
        /** A hash of what it has received, in this order, and of what had happened before each. */
        private long past;
    }

    /** @param names shared by the watches of one thread */
    public Watch(Scenario scenario, Names names) {
        this.replicas = scenario.replicas();
        this.names = names;
        this.leader = scenario.protocol().hasLeader()
                ? Optional.of(scenario.options().get(ProtocolOptions.LEADER))
                : Optional.empty();
        replicas.forEach(id -> states.put(id, new Replica()));
    }

    /** The protocol, of whose replicas this sees each step. */
    public ProtocolType watched(ProtocolType type) {
        return type.variant(type.name(), type.summary(), (settings, effects) -> {
            WatchedEffects seen = new WatchedEffects(effects, settings.self(), this);
            return new WatchedReplica(type.create(settings, seen), settings.self(), this);
        });
    }

    /** What was covered. To be asked when the run is over. */
    public Footprint footprint() {
        return new Footprint(inputs, branches, shape, hazards);
    }

    // What reaches a replica.

    @Override
    public void began(World begun) {
        world = begun;
    }

    @Override
    public void delivered(InFlightMessage message) {
        arrived("message " + message.message().kind(), message.to(), 0);
    }

    @Override
    public void lost(InFlightMessage message, Loss why) {
        if (why == Loss.DOWN) {
            arrived("message " + message.message().kind(), message.to(), Condition.DOWN.bit());
        }
    }

    @Override
    public void invoked(String client, NodeId via, Operation operation) {
        arrived("client " + operation.name(), via, 0);
        told.invoked(client, operation);
    }

    @Override
    public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
        if (world != null && !isOver) {
            told.returned(client, operation, outcome, world.views().values()).forEach(this::hazard);
        }
    }

    @Override
    public void applied(NodeId at, Update update) {
        ReplicaView view = states.get(at).view;
        if (world != null && !isOver && view != null && told.isEarly(view, update)) {
            hazard(EARLY);
        }
    }

    @Override
    public void faulted(Fault fault) {
        String name = "fault "
                + fault.getClass()
                        .getSimpleName()
                        .replaceAll("(?<=.)(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT);
        if (fault instanceof Fault.OfReplica of) {
            arrived(name, of.replica(), 0);
        } else if (fault instanceof Fault.OfLinks links) {
            for (NodeId one : replicas) {
                boolean isConcerned = replicas.stream()
                        .anyMatch(other ->
                                !other.equals(one) && (links.concerns(one, other) || links.concerns(other, one)));
                if (isConcerned) {
                    arrived(name, one, 0);
                }
            }
        }
    }

    /** A timer of a replica runs out. */
    void timedOut(NodeId at, String what) {
        arrived(what, at, 0);
    }

    /** @param known the conditions if they are known, and otherwise 0 */
    private void arrived(String what, NodeId at, int known) {
        if (world == null || isOver) {
            return;
        }
        String input = names.of(what);
        int bits = known == 0 ? conditions(at) : known;
        inputs.merge(input, bits, (before, more) -> before | more);
    }

    // What replicas are.

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        Replica replica = states.get(at);
        replica.view = view;
        replica.starts++;
        hasRestarted |= replica.starts > 1;
        replica.isPaused = false;
        replica.past = Mixer.both(replica.past, replica.starts);
        look(replica);
    }

    @Override
    public void stopped(NodeId at) {
        states.get(at).view = null;
        states.get(at).isPaused = false;
    }

    @Override
    public void paused(NodeId at) {
        states.get(at).isPaused = true;
    }

    @Override
    public void resumed(NodeId at) {
        states.get(at).isPaused = false;
    }

    @Override
    public void ended() {
        isOver = true;
        shape = 0;
        states.values().forEach(replica -> shape = Mixer.both(shape, replica.past));
    }

    private static void look(Replica replica) {
        ReplicaStatus status = replica.view.status();
        replica.known = status.known();
        replica.isBuffering = !status.held().isEmpty();
    }

    private int conditions(NodeId at) {
        Replica replica = states.get(at);
        if (replica.view == null) {
            return (world.isRecovering(at) ? Condition.RECOVERING : Condition.DOWN).bit();
        }
        int bits = 0;
        bits |= leader.isPresent() && leader.get().equals(at) ? Condition.LEADER.bit() : 0;
        bits |= replica.starts > 1 ? Condition.RESTARTED.bit() : 0;
        bits |= isBehind(replica) ? Condition.BEHIND.bit() : 0;
        bits |= replica.isBuffering ? Condition.BUFFERING.bit() : 0;
        bits |= world.isDurable(at) ? 0 : Condition.UNSYNCED.bit();
        bits |= isCutOff(at) ? Condition.CUT_OFF.bit() : 0;
        bits |= replica.isPaused ? Condition.PAUSED.bit() : 0;
        return bits == 0 ? Condition.CALM.bit() : bits;
    }

    private boolean isBehind(Replica replica) {
        return states.values().stream()
                .anyMatch(other -> other != replica && other.view != null && !replica.known.covers(other.known));
    }

    private boolean isCutOff(NodeId at) {
        return replicas.stream()
                .anyMatch(other -> !other.equals(at)
                        && (!world.links().passes(at, other) || !world.links().passes(other, at)));
    }

    // What they make of it.

    /** A replica is about to handle what came from somebody. */
    void begins(NodeId at) {
        states.get(at).effects.clear();
    }

    void received(NodeId at, String what, NodeId from, Object message) {
        Replica replica = states.get(at);
        replica.past = Mixer.both(
                Mixer.both(replica.past, names.hash(names.of(what))),
                Mixer.both(Mixer.of(from.name()), causes.getOrDefault(message, 0L)));
    }

    void asked(NodeId at, String what) {
        Replica replica = states.get(at);
        replica.past = Mixer.both(replica.past, names.hash(names.of(what)));
    }

    void sent(NodeId at, Object message) {
        causes.put(message, states.get(at).past);
    }

    void had(NodeId at, String effect) {
        states.get(at).effects.add(effect);
    }

    /** A replica has handled it. */
    void handled(NodeId at, String what) {
        Replica replica = states.get(at);
        if (world == null || isOver || replica.view == null) {
            return;
        }
        String branch =
                names.of(what + " -> " + (replica.effects.isEmpty() ? "nothing" : String.join(", ", replica.effects)));
        branches.add(branch);
        look(replica);
    }

    /** Something that may be close to what is wrong: the first time, the second, the fourth and so on. */
    private void hazard(String rare) {
        String what = rare + (hasRestarted ? " after a restart" : "");
        long count = hazardCounts.merge(what, 1L, Long::sum);
        if (Long.bitCount(count) == 1) {
            hazards.putIfAbsent(Mixer.both(names.hash(names.of(what)), count), world.events());
        }
    }
}
