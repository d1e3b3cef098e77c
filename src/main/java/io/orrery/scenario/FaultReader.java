package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkReader;
import io.orrery.simulation.PaceModel;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads faults as scenario files write them. */
final class FaultReader {
    /** The keys by which a step names a fault. */
    static final List<String> KEYS = List.of(
            "link",
            "partition",
            "isolate",
            "reset",
            "heal",
            "crash",
            "wipe",
            "restart",
            "restore",
            "twin",
            "fail-disk",
            "damage-disk",
            "slow-disk",
            "repair-disk",
            "cut-power",
            "slow",
            "clock",
            "pause",
            "resume");

    private final LinkReader links;
    private final Function<String, NodeId> replica;

    FaultReader(LinkReader links, Function<String, NodeId> replica) {
        this.links = links;
        this.replica = replica;
    }

    /** The fault that a step names by one of the {@link #KEYS}. */
    Fault fault(ConfigReader step, String key) {
        return switch (key) {
            case "link" -> links.relink(step.object("link"));
            case "partition" -> partition(step);
            case "isolate" -> new Fault.Isolate(step.get(key, replica));
            case "reset" -> new Fault.Reset(step.get(key, replica));
            case "heal" -> heal(step);
            case "crash" -> new Fault.Crash(step.get(key, replica));
            case "wipe" -> new Fault.Wipe(step.get(key, replica));
            case "restart" -> new Fault.Restart(step.get(key, replica));
            case "restore" -> restore(step.object("restore").expect("replica", "to"));
            case "twin" -> new Fault.Twin(step.get(key, replica));
            case "slow" -> slow(step.object("slow").expect("replica", "by"));
            case "clock" -> clock(step.object("clock").expect("replica", "rate", "ahead", "back"));
            case "fail-disk", "damage-disk", "slow-disk", "repair-disk" -> DiskReader.fault(step, key, replica);
            case "cut-power" -> new Fault.CutPower(step.get(key, replica));
            case "pause" -> new Fault.Pause(step.get(key, replica));
            case "resume" -> new Fault.Resume(step.get(key, replica));
            default -> throw new IllegalArgumentException("not a fault: " + key);
        };
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

    private Fault restore(ConfigReader restore) {
        return new Fault.Restore(restore.get("replica", replica), restore.get("to", Durations::parse));
    }

    private Fault slow(ConfigReader slow) {
        return new Fault.Slow(slow.get("replica", replica), slow.get("by", Delay::parse));
    }

    private Fault clock(ConfigReader clock) {
        NodeId id = clock.get("replica", replica);
        List<String> given =
                Stream.of("rate", "ahead", "back").filter(clock::has).toList();
        if (given.size() != 1) {
            throw clock.problem(
                    given.isEmpty() ? "replica" : given.get(1),
                    "a clock has a new rate, or jumps ahead or back: rate = 2, ahead = 5s or back = 5s, one of them");
        }
        String what = given.get(0);
        if (what.equals("rate")) {
            return new Fault.ClockRate(id, clock.checked("rate", () -> PaceModel.checkClock(clock.number("rate", 1))));
        }
        Duration jump = clock.get(what, Durations::parse);
        ScenarioLoader.requireShort(clock, what, jump);
        if (jump.isZero()) {
            throw clock.problem(what, "a clock that jumps by no time does not jump");
        }
        return new Fault.ClockJump(id, jump, what.equals("back"));
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
