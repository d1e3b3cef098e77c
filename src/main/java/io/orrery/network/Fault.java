package io.orrery.network;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A fault to inject, or its end. Scenarios, HTTP and the command line share these, with the same meaning in both
 * runtimes.
 */
public sealed interface Fault {
    /** A fault between replicas. */
    sealed interface OfLinks extends Fault {
        /** Whether it determines the state of the link from one replica to another, possibly leaving it unchanged. */
        boolean concerns(NodeId from, NodeId to);
    }

    /** A fault of one replica. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface OfReplica extends Fault {
        /** All types. */
        List<Class<?>> TYPES = List.of(
                Crash.class,
                Wipe.class,
                Restart.class,
                Restore.class,
                Twin.class,
                FailDisk.class,
                Slow.class,
                ClockRate.class,
                ClockJump.class,
                DamageDisk.class,
                SlowDisk.class,
                RepairDisk.class,
                CutPower.class,
                Pause.class,
                Resume.class);

        NodeId replica();
    }

    /**
     * Changes the links from one replica (or from all) to one (or to all).
     *
     * @param messages the messages that the change applies to
     */
    record ChangeLinks(Optional<NodeId> from, Optional<NodeId> to, Selector messages, LinkChange change)
            implements OfLinks {
        /** For all messages. */
        public ChangeLinks(Optional<NodeId> from, Optional<NodeId> to, LinkChange change) {
            this(from, to, Selector.ALL, change);
        }

        @Override
        public boolean concerns(NodeId from, NodeId to) {
            return among(this.from, from) && among(this.to, to);
        }

        @Override
        public String toString() {
            String which = messages.isAll() ? "" : " (" + messages + ")";
            return "link " + name(from) + " -> " + name(to) + which + ": " + change;
        }
    }

    /** Splits the replicas into groups; nothing passes between groups. A replica in no group is alone. */
    record Partition(List<Set<NodeId>> groups) implements OfLinks {
        public Partition {
            groups = List.copyOf(groups);
        }

        /** Also ends an earlier partition, so it concerns all links. */
        @Override
        public boolean concerns(NodeId from, NodeId to) {
            return true;
        }

        @Override
        public String toString() {
            return "partition " + groups;
        }
    }

    /** Cuts a replica off from all others, as a partition of its own. */
    record Isolate(NodeId replica) implements OfLinks {
        @Override
        public boolean concerns(NodeId from, NodeId to) {
            return from.equals(replica) || to.equals(replica);
        }

        @Override
        public String toString() {
            return "isolate " + replica;
        }
    }

    /**
     * Ends partitions, isolations and cuts, including cuts of some messages, on the links from one replica (or all) to
     * one (or all). Delays and losses stay.
     */
    record Heal(Optional<NodeId> from, Optional<NodeId> to) implements OfLinks {
        public static final Heal ALL = new Heal(Optional.empty(), Optional.empty());

        @Override
        public boolean concerns(NodeId from, NodeId to) {
            return among(this.from, from) && among(this.to, to);
        }

        @Override
        public String toString() {
            return from.isEmpty() && to.isEmpty() ? "heal all" : "heal " + name(from) + " -> " + name(to);
        }
    }

    /**
     * The connections of a replica break and open anew: all that is under way to it and from it is lost, and both ends
     * hear that the other was not reached for a moment. Only in the simulation.
     */
    record Reset(NodeId replica) implements OfLinks {
        @Override
        public boolean concerns(NodeId from, NodeId to) {
            return from.equals(replica) || to.equals(replica);
        }

        @Override
        public String toString() {
            return "reset " + replica;
        }
    }

    /** The replica stops at once. What it synced survives. */
    @JsonTypeName("crash")
    record Crash(NodeId replica) implements OfReplica {
        @Override
        public String toString() {
            return "crash " + replica;
        }
    }

    /** The replica stops at once, and its disk is lost. */
    @JsonTypeName("wipe")
    record Wipe(NodeId replica) implements OfReplica {
        @Override
        public String toString() {
            return "wipe " + replica;
        }
    }

    /** The replica restarts with the contents of its disk. A running replica is crashed first. */
    @JsonTypeName("restart")
    record Restart(NodeId replica) implements OfReplica {
        @Override
        public String toString() {
            return "restart " + replica;
        }
    }

    /**
     * The replica stops at once, and an older copy of its disk is restored. Only for the simulated disk.
     *
     * @param to the time of the copy, since the beginning of the run
     */
    @JsonTypeName("restore")
    record Restore(NodeId replica, Duration to) implements OfReplica {
        @Override
        public String toString() {
            return "restore " + replica + " to " + Durations.format(to);
        }
    }

    /**
     * A second process starts under the id of the replica, from a copy of its disk, beside the running one. Messages
     * reach both, and a client reaches either. Only in the simulation.
     */
    @JsonTypeName("twin")
    record Twin(NodeId replica) implements OfReplica {
        @Override
        public String toString() {
            return "twin of " + replica;
        }
    }

    /** A fault of a replica's disk. Only for the simulated disk. */
    sealed interface OfDisk extends OfReplica {}

    /** What a disk fails to do. Each fails once, except {@link #FULL}. */
    enum DiskFailure {
        /** The next sync fails, and its batch is lost. */
        SYNC,
        /** The next sync fails, although its batch is on disk: the replica finds it after the restart. */
        SYNC_KEPT,
        /** The next replay fails: the replica does not start. */
        REPLAY,
        /** The next value that the replica reads from disk cannot be read. */
        READ,
        /** The next wipe fails: the replica keeps its memory. */
        WIPE,
        /** The disk is full until it is repaired: each sync, replay and wipe fails. */
        FULL;

        @Override
        public String toString() {
            return kebab(this);
        }
    }

    /**
     * The replica's disk fails to do something, and that stops the replica, which is down until it is restarted.
     *
     * @param what a failed sync in the short form
     */
    @JsonTypeName("fail-disk")
    record FailDisk(NodeId replica, DiskFailure what) implements OfDisk {
        public FailDisk(NodeId replica) {
            this(replica, DiskFailure.SYNC);
        }

        @Override
        public String toString() {
            return "fail-disk " + replica + (what == DiskFailure.SYNC ? "" : " (" + what + ")");
        }
    }

    /** How a disk damages what it holds, and tells nobody. */
    enum DiskDamage {
        /** A bit of a stored record flips now. */
        FLIPPED_BIT,
        /** Only a part of the next batch reaches the disk, which confirms all of it. */
        TORN_WRITE,
        /** The next batch goes to a wrong place of the disk, which confirms it. */
        MISDIRECTED_WRITE;

        @Override
        public String toString() {
            return kebab(this);
        }
    }

    /** The replica's disk damages what it holds. The replica goes on until it reads what is damaged. */
    @JsonTypeName("damage-disk")
    record DamageDisk(NodeId replica, DiskDamage what) implements OfDisk {
        @Override
        public String toString() {
            return "damage-disk " + replica + " (" + what + ")";
        }
    }

    /**
     * The replica's disk is slow until it is repaired.
     *
     * @param by how much longer each sync and each replay takes
     */
    @JsonTypeName("slow-disk")
    record SlowDisk(NodeId replica, Duration by) implements OfDisk {
        @Override
        public String toString() {
            return "slow-disk " + replica + " by " + Durations.format(by);
        }
    }

    /** The replica's disk has room, is as fast as it was, and fails no more. Damage stays. */
    @JsonTypeName("repair-disk")
    record RepairDisk(NodeId replica) implements OfDisk {
        @Override
        public String toString() {
            return "repair-disk " + replica;
        }
    }

    /**
     * The machine of the replica loses power. The replica stops at once, and loses what its disk does not have. Only for
     * the simulated disk.
     */
    @JsonTypeName("cut-power")
    record CutPower(NodeId replica) implements OfReplica {
        @Override
        public String toString() {
            return "cut-power " + replica;
        }
    }

    /**
     * The replica is busy for a while with each message, request and timer from now on; what comes meanwhile waits. No time
     * ends it. Only in the simulation.
     */
    @JsonTypeName("slow")
    record Slow(NodeId replica, Delay handling) implements OfReplica {
        @Override
        public String toString() {
            return "slow " + replica + ": " + handling + " for each message";
        }
    }

    /**
     * The replica's clock is fast or slow from now on, for the timers that it sets. Only in the simulation.
     *
     * @param rate 1 is right, 2 twice as fast, so that timers run out early
     */
    @JsonTypeName("clock-rate")
    record ClockRate(NodeId replica, double rate) implements OfReplica {
        @Override
        public String toString() {
            return "clock of " + replica + ": rate " + rate;
        }
    }

    /**
     * The replica's clock jumps: each of its timers that runs ends so much earlier, at once where its end is past.
     * Only in the simulation.
     *
     * @param by 0 or more
     * @param back whether the clock jumps back, so that timers end later
     */
    @JsonTypeName("clock-jump")
    record ClockJump(NodeId replica, Duration by, boolean back) implements OfReplica {
        @Override
        public String toString() {
            return "clock of " + replica + " jumps " + (back ? "back" : "ahead") + " by " + Durations.format(by);
        }
    }

    /** The replica handles nothing until it is resumed; messages and requests wait. */
    @JsonTypeName("pause")
    record Pause(NodeId replica) implements OfReplica {
        @Override
        public String toString() {
            return "pause " + replica;
        }
    }

    /** The replica resumes. */
    @JsonTypeName("resume")
    record Resume(NodeId replica) implements OfReplica {
        @Override
        public String toString() {
            return "resume " + replica;
        }
    }

    /** As scenario files write it. */
    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Empty stands for all. */
    private static boolean among(Optional<NodeId> named, NodeId node) {
        return named.isEmpty() || named.get().equals(node);
    }

    private static String name(Optional<NodeId> node) {
        return node.map(NodeId::name).orElse("*");
    }
}
