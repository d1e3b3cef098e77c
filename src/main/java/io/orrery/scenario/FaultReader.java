package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads faults as scenario files write them. */
final class FaultReader {
    /** The keys by which a step names a fault. */
    static final List<String> KEYS =
            List.of("link", "partition", "isolate", "heal", "crash", "wipe", "restart", "fail-disk", "pause", "resume");

    private final Function<String, NodeId> replica;

    FaultReader(Function<String, NodeId> replica) {
        this.replica = replica;
    }

    /** The fault that a step names by one of the {@link #KEYS}. */
    Fault fault(ConfigReader step, String key) {
        return switch (key) {
            case "link" -> relink(step.object("link"));
            case "partition" -> partition(step);
            case "isolate" -> new Fault.Isolate(step.get(key, replica));
            case "heal" -> heal(step);
            case "crash" -> new Fault.Crash(step.get(key, replica));
            case "wipe" -> new Fault.Wipe(step.get(key, replica));
            case "restart" -> new Fault.Restart(step.get(key, replica));
            case "fail-disk" -> new Fault.FailDisk(step.get(key, replica));
            case "pause" -> new Fault.Pause(step.get(key, replica));
            case "resume" -> new Fault.Resume(step.get(key, replica));
            default -> throw new IllegalArgumentException("not a fault: " + key);
        };
    }

    Fault.Relink relink(ConfigReader link) {
        link.expect("from", "to", "delay", "loss", "duplicate", "cut");
        Optional<NodeId> from = link.find("from", replica);
        Optional<NodeId> to = link.find("to", replica);
        if (from.isPresent() && from.equals(to)) {
            throw link.problem("to", "a link leads from one replica to another, and " + to.get() + " is both");
        }
        LinkChange change = new LinkChange(
                link.find("delay", Delay::parse), chance(link, "loss"), chance(link, "duplicate"), cut(link));
        if (change.equals(LinkChange.NOTHING)) {
            throw link.problem("a link needs something to change: delay, loss, duplicate or cut");
        }
        return new Fault.Relink(from, to, change);
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

    private Fault partition(ConfigReader step) {
        List<Set<NodeId>> groups = step.lists("partition", replica).stream()
                .<Set<NodeId>>map(LinkedHashSet::new)
                .toList();
        Set<NodeId> seen = new HashSet<>();
        for (Set<NodeId> group : groups) {
            for (NodeId id : group) {
                if (!seen.add(id)) {
                    throw step.problem("partition", "replica " + id + " is in more than one group");
                }
            }
        }
        return new Fault.Partition(groups);
    }

    private Fault heal(ConfigReader step) {
        if (step.isObject("heal")) {
            ConfigReader link = step.object("heal").expect("from", "to");
            return new Fault.Heal(link.find("from", replica), link.find("to", replica));
        }
        return step.get("heal", text -> {
            if (!text.equals("all")) {
                throw new IllegalArgumentException("heal is \"all\" or a link { from = …, to = … }, not " + text);
            }
            return Fault.Heal.ALL;
        });
    }
}
