package io.orrery.network;

import io.orrery.config.ConfigReader;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Reads link changes in files, such as {@code { from = 1, to = 3, key = y, delay = 5s }}. */
public final class LinkReader {
    private final UnaryOperator<String> kind;
    private final Function<String, NodeId> replica;

    /**
     * @param kind checks a message kind: returns it or throws
     * @param replica finds a replica by name or throws
     */
    public LinkReader(UnaryOperator<String> kind, Function<String, NodeId> replica) {
        this.kind = kind;
        this.replica = replica;
    }

    /** @throws io.orrery.config.ConfigProblem if it is not a link change */
    public Fault.ChangeLinks relink(ConfigReader link) {
        link.expect("from", "to", "key", "kind", "delay", "loss", "loss-run", "duplicate", "cut");
        Optional<NodeId> from = link.find("from", replica);
        Optional<NodeId> to = link.find("to", replica);
        if (from.isPresent() && from.equals(to)) {
            throw link.problem("to", "a link leads from one replica to another, and " + to.get() + " is both");
        }
        LinkChange change = new LinkChange(
                link.find("delay", Delay::parse),
                chance(link, "loss"),
                chance(link, "duplicate"),
                cut(link),
                link.find("loss-run", LossRun::parse));
        if (Stream.of("delay", "loss", "loss-run", "duplicate", "cut").noneMatch(link::has)) {
            throw link.problem("a link needs something to change: delay, loss, loss-run, duplicate or cut");
        }
        Selector messages = new Selector(link.find("key", Key::of), link.find("kind", kind));
        return new Fault.ChangeLinks(from, to, messages, change);
    }

    private static Optional<Double> chance(ConfigReader link, String key) {
        if (!link.has(key)) {
            return Optional.empty();
        }
        double chance = link.number(key, 0);
        link.checked(key, () -> LinkChange.loss(chance));
        return Optional.of(chance);
    }

    private static Optional<Boolean> cut(ConfigReader link) {
        return link.has("cut") ? Optional.of(link.flag("cut", false)) : Optional.empty();
    }
}
