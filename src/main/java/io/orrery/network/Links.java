package io.orrery.network;

import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * The links between all replicas of a deployment, into which Orrery injects delays, losses and cuts. A rule applies
 * when a message is sent; messages in flight when a link is cut still arrive.
 */
public final class Links {
    /** How many messages may be in flight on a link; further ones are lost, and the protocol fetches them again. */
    public static final int CAPACITY = 100_000;

    /** How many bytes of keys and values may be in flight on a link; further messages are lost. */
    public static final long CAPACITY_BYTES = 16 << 20;

    /** Nodes are added while others send. */
    private final List<NodeId> nodes = new CopyOnWriteArrayList<>();

    private final Map<NodeId, Outbound> outbounds = new ConcurrentHashMap<>();
    private final LinkRule rule;
    private final RandomStreams streams;
    private final Link.LinkContext context;

    /**
     * @param rule the initial rule of every link
     * @param seed for the random draws of all links; each link has its own stream
     */
    public Links(
            Collection<NodeId> nodes,
            LinkRule rule,
            long seed,
            DelayScheduler delayScheduler,
            Receiver receiver,
            LinkObserver observer) {
        this(nodes, rule, new RandomStreams(seed), delayScheduler, receiver, observer);
    }

    /** The same with streams that somebody else may have drawn anew. */
    public Links(
            Collection<NodeId> nodes,
            LinkRule rule,
            RandomStreams streams,
            DelayScheduler delayScheduler,
            Receiver receiver,
            LinkObserver observer) {
        this.rule = rule;
        this.streams = streams;
        this.context = new Link.LinkContext(delayScheduler, receiver, observer);
        nodes.forEach(this::add);
    }

    /** Adds the links of a further node, which behave like all links at first; does nothing if they are there. */
    public synchronized void add(NodeId node) {
        if (nodes.contains(node)) {
            return;
        }
        Outbound outbound = new Outbound(new ConcurrentHashMap<>());
        for (NodeId other : nodes) {
            outbound.links.put(other, link(node, other));
            outbounds.get(other).links.put(node, link(other, node));
        }
        outbounds.put(node, outbound);
        nodes.add(node);
    }

    private Link link(NodeId from, NodeId to) {
        return new Link(from, to, rule, streams.stream("network/" + from + "/" + to), context);
    }

    /** The sending ends of one replica's links. Used by one thread at a time. */
    public static final class Outbound {
        private final Map<NodeId, Link> links;

        private Outbound(Map<NodeId, Link> links) {
            this.links = links;
        }

        public void send(NodeId to, Message message) {
            link(to).send(message);
        }

        private Link link(NodeId to) {
            Link link = links.get(to);
            if (link == null) {
                throw new IllegalArgumentException("no link leads to " + to + "; there are links to " + links.keySet());
            }
            return link;
        }
    }

    /** Whether there is such a replica. */
    public boolean has(NodeId node) {
        return outbounds.containsKey(node);
    }

    /** @throws IllegalArgumentException if there is no such replica */
    public Outbound from(NodeId node) {
        Outbound outbound = outbounds.get(node);
        if (outbound == null) {
            throw new IllegalArgumentException("there is no replica " + node + "; there are " + nodes);
        }
        return outbound;
    }

    /**
     * The state of one link, for people.
     *
     * @param rule the general rule
     * @param special the rules for some messages, the most special first
     */
    public record LinkState(
            NodeId from, NodeId to, LinkRule rule, List<Special> special, boolean partitioned, int underWay) {
        /** @throws IllegalArgumentException if there are more special rules than a link may have */
        public LinkState {
            special = List.copyOf(special);
            if (special.size() > LinkRules.MOST_SPECIAL) {
                throw new IllegalArgumentException("a link has at most " + LinkRules.MOST_SPECIAL
                        + " rules for single keys or kinds, and not " + special.size());
            }
        }
    }

    /** A rule for some messages; what the change does not set follows the general rule. */
    public record Special(Selector messages, LinkChange change) {}

    public List<LinkState> states() {
        List<LinkState> states = new ArrayList<>();
        forEach(
                (from, to) -> true,
                link -> states.add(new LinkState(
                        link.from(),
                        link.to(),
                        link.rules().general(),
                        link.rules().special().entrySet().stream()
                                .map(entry -> new Special(entry.getKey(), entry.getValue()))
                                .toList(),
                        link.isPartitioned(),
                        link.underWay())));
        return states;
    }

    /**
     * Whether messages pass from one replica to another; a special rule may still cut some.
     *
     * @throws IllegalArgumentException if there is no such link
     */
    public boolean passes(NodeId from, NodeId to) {
        return from(from).link(to).passes();
    }

    /** The number of messages in flight on all links. */
    public int underWay() {
        int sum = 0;
        for (Outbound outbound : outbounds.values()) {
            for (Link link : outbound.links.values()) {
                sum += link.underWay();
            }
        }
        return sum;
    }

    /** A directed link on which messages, or some of them, pass again. */
    public record Healed(NodeId from, NodeId to) {}

    /**
     * Applies a fault.
     *
     * @return the links on which messages that were cut before pass now, and those that were reset and pass
     * @throws IllegalArgumentException if it names an unknown replica, or a link would have too many rules; nothing is
     *     changed then
     */
    public synchronized List<Healed> apply(Fault.OfLinks fault) {
        List<Healed> healed = new ArrayList<>();
        if (fault instanceof Fault.ChangeLinks changeLinks) {
            changeLinks.from().ifPresent(this::from);
            changeLinks.to().ifPresent(this::from);
            // Check all links before changing any: one may have too many rules.
            forEach(fault::concerns, link -> link.rules().with(changeLinks.messages(), changeLinks.change()));
            change(
                    fault::concerns,
                    healed,
                    link -> link.setRules(link.rules().with(changeLinks.messages(), changeLinks.change())));
        } else if (fault instanceof Fault.Partition partition) {
            partition.groups().forEach(group -> group.forEach(this::from));
            change(fault::concerns, healed, link -> link.setPartitioned(!together(partition.groups(), link)));
        } else if (fault instanceof Fault.Isolate isolate) {
            from(isolate.replica());
            change(fault::concerns, healed, link -> link.setPartitioned(true));
        } else if (fault instanceof Fault.Reset reset) {
            from(reset.replica());
            forEach(fault::concerns, link -> {
                link.reset();
                if (link.passes()) {
                    healed.add(new Healed(link.from(), link.to()));
                }
            });
        } else if (fault instanceof Fault.Heal heal) {
            heal.from().ifPresent(this::from);
            heal.to().ifPresent(this::from);
            change(fault::concerns, healed, link -> {
                link.setPartitioned(false);
                link.setRules(link.rules().healed());
            });
        }
        return healed;
    }

    /**
     * Sets the rules of links to those that {@link #states} returned, here or on another node.
     *
     * @return the links on which messages that were cut before pass now
     * @throws IllegalArgumentException if it names an unknown replica
     */
    public synchronized List<Healed> restore(List<LinkState> states) {
        List<Healed> healed = new ArrayList<>();
        for (LinkState state : states) {
            LinkRules rules = new LinkRules(state.rule());
            for (Special special : state.special()) {
                rules = rules.with(special.messages(), special.change());
            }
            LinkRules told = rules;
            from(state.from());
            from(state.to());
            change((from, to) -> from.equals(state.from()) && to.equals(state.to()), healed, link -> {
                link.setRules(told);
                link.setPartitioned(state.partitioned());
            });
        }
        return healed;
    }

    private static boolean together(List<Set<NodeId>> groups, Link link) {
        return groups.stream().anyMatch(group -> group.contains(link.from()) && group.contains(link.to()));
    }

    private void change(BiPredicate<NodeId, NodeId> which, List<Healed> healed, Consumer<Link> action) {
        forEach(which, link -> {
            boolean passed = link.passes();
            Set<Selector> cuts = link.rules().cuts();
            action.accept(link);
            if (link.passes() && (!passed || !link.rules().cuts().containsAll(cuts))) {
                healed.add(new Healed(link.from(), link.to()));
            }
        });
    }

    /** @param which selects links by their two ends */
    private void forEach(BiPredicate<NodeId, NodeId> which, Consumer<Link> action) {
        for (NodeId source : nodes) {
            for (NodeId target : nodes) {
                if (!source.equals(target) && which.test(source, target)) {
                    action.accept(outbounds.get(source).links.get(target));
                }
            }
        }
    }
}
