package io.orrery.cluster;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides how a node comes to its cluster: whom it joins, or that it founds one. Pure: it is told what happens and what
 * time it is.
 *
 * <p>A node that hears of a cluster joins it. A node that hears of none founds one after a moment, if no node with a lower
 * id is there to do so; where somebody listens at another's address, it waits to hear who. So the order of starting does
 * not matter, and no node is needed for the others to meet.
 *
 * <p>It founds only after each node that listens has answered: who answers has heard of a lower node, and founds nothing
 * for a while, which one that only calls may be doing just then. So, however slow the machine, two clusters do not come
 * about unless nodes cannot hear each other; then the smaller one ends, and its nodes come to the larger.
 */
final class Rendezvous {
    /** How long a node looks for others before it founds a cluster. */
    static final Duration LOOK_AROUND = Duration.ofMillis(400);
    /** For how long one that was heard counts as there, if nothing shows that it has gone. On a busy machine all take long. */
    private static final Duration FRESH = Duration.ofSeconds(10);
    /** For how long one that answered founds nothing, less the time that its answer may have taken. */
    private static final Duration YIELDED = Duration.ofSeconds(6);
    /** A cluster that is asked to take a node in is given this long. */
    static final Duration JOINING = Duration.ofSeconds(2);
    /** Two clusters are two only after this long: before, one of them may just not have heard. */
    static final Duration DOUBT = Duration.ofSeconds(3);
    /** Two that share members are one of which not all have heard yet, unless they go on for this long. */
    static final Duration GOSSIP = Duration.ofSeconds(15);

    /** What the node is to do. */
    sealed interface Decision {}

    /** Nothing, for now. */
    record Wait() implements Decision {}

    /** Found a cluster. */
    record Found() implements Decision {}

    /** Join the cluster of which the node at this address is a member. */
    record Join(String address) implements Decision {}

    /** Leave the cluster, which is the smaller of two: there is a larger one. */
    record Leave(String address) implements Decision {}

    /** @param answered when the node answered last */
    private record Heard(Wire.Presence presence, long at, OptionalLong answered) {}

    private final NodeId self;
    private final Set<NodeId> others;
    private final Duration patience;
    private final long began;
    /** Whether somebody listens at the address of a node, where that has been tried. */
    private final Map<NodeId, Boolean> listens = new HashMap<>();

    private final Map<NodeId, Heard> heard = new HashMap<>();
    private final Set<NodeId> strange = new HashSet<>();
    /** Since when somebody has listened at the address of a node without a word of it. */
    private final Map<NodeId, Long> mute = new HashMap<>();
    /** When a cluster without this node was heard of for the first time, by the node that told. */
    private final Map<NodeId, Long> doubts = new HashMap<>();

    /** When this node did something last: joined or founded. */
    private long acted = Long.MIN_VALUE;
    /** Whether it has asked to be taken in; then it may be a member without knowing, and founds nothing for a while. */
    private boolean hasAsked;

    /**
     * @param others all other nodes of the deployment
     * @param patience how long a node waits to hear one at whose address somebody listens
     */
    Rendezvous(NodeId self, Set<NodeId> others, Duration patience, long nowNanos) {
        this.self = self;
        this.others = Set.copyOf(others);
        this.patience = patience;
        this.began = nowNanos;
    }

    /** A node has told that it is there. */
    void heard(Wire.Presence presence, long now) {
        Heard last = heard.get(presence.from());
        OptionalLong answeredBefore = last == null ? OptionalLong.empty() : last.answered();
        heard.put(
                presence.from(), new Heard(presence, now, presence.isAnswer() ? OptionalLong.of(now) : answeredBefore));
        strange.remove(presence.from());
        mute.remove(presence.from());
    }

    /** Who answers at the address of a node is none of this deployment. */
    void strange(NodeId node) {
        strange.add(node);
        mute.remove(node);
    }

    /** A node is a member of the same cluster: it says no more that it is there. */
    void met(NodeId node) {
        mute.remove(node);
    }

    /**
     * A connection to the address of a node has been tried.
     *
     * @param began when: what was heard since then is newer
     */
    void tried(NodeId node, boolean somebodyListens, long began) {
        Heard last = heard.get(node);
        if (!somebodyListens && last != null) {
            if (last.at() - began >= 0) {
                return;
            }
            heard.remove(node);
        }
        listens.put(node, somebodyListens);
        if (somebodyListens) {
            mute.putIfAbsent(node, began);
        } else {
            mute.remove(node);
        }
    }

    /** The nodes at whose addresses somebody has listened for so long, and of whom nothing was heard meanwhile or just before. */
    Set<NodeId> unheard(Duration time, long now) {
        return mute.entrySet().stream()
                .filter(it -> now - it.getValue() >= time.toNanos())
                .map(Map.Entry::getKey)
                .filter(node -> heard.get(node) == null || !isFresh(heard.get(node), now))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What to do as long as this node is in no cluster.
     *
     * @param now on the clock of all the other times, in nanoseconds
     */
    Decision outside(long now) {
        if (acted != Long.MIN_VALUE && now - acted < JOINING.toNanos()) {
            return new Wait();
        }
        Optional<Wire.Presence> member = heard.values().stream()
                .filter(it -> isFresh(it, now) && !it.presence().members().isEmpty())
                .map(Heard::presence)
                .max((a, b) -> compare(a.reachable(), a.members(), b.reachable(), b.members()));
        if (member.isPresent()) {
            acted = now;
            hasAsked = true;
            return new Join(member.get().address());
        }
        if (hasAsked && now - acted < patience.toNanos()) {
            return new Wait();
        }
        if (others.isEmpty()
                || now - began >= LOOK_AROUND.toNanos() && others.stream().allMatch(it -> yields(it, now))) {
            acted = now;
            return new Found();
        }
        return new Wait();
    }

    /** Whether another node, as far as one can know, does not found a cluster now. */
    private boolean yields(NodeId other, long now) {
        Heard last = heard.get(other);
        if (last != null && isFresh(last, now)) {
            return self.compareTo(other) < 0
                    && last.answered().isPresent()
                    && now - last.answered().getAsLong() < YIELDED.toNanos();
        }
        if (strange.contains(other)) {
            return true;
        }
        Boolean somebodyListens = listens.get(other);
        return somebodyListens != null && !somebodyListens || now - began >= patience.toNanos();
    }

    private static boolean isFresh(Heard it, long now) {
        return now - it.at() < FRESH.toNanos();
    }

    /**
     * What to do when a node tells of itself while this node is in a cluster.
     *
     * @param address the unique address of this node
     * @param members those of all members of its cluster
     * @param reachable how many of them it reaches, itself among them
     */
    Decision inside(Wire.Presence presence, String address, List<String> members, int reachable, long now) {
        boolean isStranger = !presence.members().isEmpty()
                && !(presence.members().contains(address) && members.contains(presence.uniqueAddress()))
                && compare(reachable, members, presence.reachable(), presence.members()) < 0;
        if (!isStranger) {
            doubts.remove(presence.from());
            return new Wait();
        }
        long since = doubts.computeIfAbsent(presence.from(), from -> now);
        Duration enough = Collections.disjoint(presence.members(), members) ? DOUBT : GOSSIP;
        return now - since >= enough.toNanos() ? new Leave(presence.address()) : new Wait();
    }

    /** Of two clusters the larger one counts for more, and of two of one size that which has the lowest address. */
    private static int compare(int size, List<String> members, int otherSize, List<String> others) {
        return size != otherSize
                ? Integer.compare(size, otherSize)
                : Collections.min(others).compareTo(Collections.min(members));
    }
}
