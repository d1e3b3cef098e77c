package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.journal.DiskModel;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.Fault.DiskDamage;
import io.orrery.network.Fault.DiskFailure;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the disks of a scenario file, and their faults. */
final class DiskReader {
    private DiskReader() {}

    /** The disks of the file. */
    static DiskModel disk(ConfigReader file) {
        ConfigReader disk = file.objectOrEmpty("disk")
                .expect("sync", "sync-policy", "kept-in-crash", "replay", "values-over", "retry");
        return file.checked(
                "disk",
                () -> new DiskModel(
                        disk.get("sync", Delay.NONE, Delay::parse),
                        disk.get(
                                "sync-policy",
                                SyncPolicy.ALWAYS,
                                text -> oneOf("sync-policy", text, SyncPolicy.values())),
                        disk.number("kept-in-crash", 0),
                        disk.get("replay", Delay.NONE, Delay::parse),
                        disk.integer("values-over", DiskModel.IN_MEMORY, 0, DiskModel.IN_MEMORY),
                        disk.find("retry", Durations::parse)));
    }

    /** The fault that a step names by this key. */
    static Fault.OfDisk fault(ConfigReader step, String key, Function<String, NodeId> replica) {
        if (key.equals("repair-disk")) {
            return new Fault.RepairDisk(step.get(key, replica));
        }
        if (key.equals("fail-disk") && !step.isObject(key)) {
            return new Fault.FailDisk(step.get(key, replica));
        }
        ConfigReader disk = step.object(key);
        return switch (key) {
            case "fail-disk" -> {
                disk.expect("replica", "what");
                yield new Fault.FailDisk(
                        disk.get("replica", replica),
                        disk.get("what", text -> oneOf("what", text, DiskFailure.values())));
            }
            case "damage-disk" -> {
                disk.expect("replica", "what");
                yield new Fault.DamageDisk(
                        disk.get("replica", replica),
                        disk.get("what", text -> oneOf("what", text, DiskDamage.values())));
            }
            default -> {
                disk.expect("replica", "by");
                yield new Fault.SlowDisk(disk.get("replica", replica), disk.get("by", Durations::parse));
            }
        };
    }

    /** @throws io.orrery.config.ConfigProblem if the scenario's disks can never have this fault */
    static void requirePossible(ConfigReader step, Fault fault, DiskModel disk) {
        if (fault instanceof Fault.FailDisk fail && fail.what() == DiskFailure.READ && !disk.hasValues()) {
            throw step.problem(
                    "fail-disk",
                    "replicas read no value from disk, as they keep all in memory; disk { values-over = 0 } stores them"
                            + " on disk");
        }
    }

    private static <T extends Enum<T>> T oneOf(String key, String text, T[] constants) {
        return Arrays.stream(constants)
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + " is "
                        + Arrays.stream(constants).map(DiskReader::word).collect(Collectors.joining(", ")) + ", not "
                        + text));
    }

    /** As files write it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
