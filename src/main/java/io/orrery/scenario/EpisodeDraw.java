package io.orrery.scenario;

import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.Fault.DiskFailure;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.SeededRandom;
import io.orrery.scenario.RandomFaults.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Draws a plan. Each kind draws from a stream of its own, so that another kind beside it changes nothing of its faults.
 *
 * <p>Faults of a kind come alone, several at once, or one right after the end of the last at the same replica. Many last
 * a moment, and some to the end of the time that there is.
 */
final class EpisodeDraw {
    /** What is at once, or right after, is so within this time. */
    private static final long MOMENT = Duration.ofMillis(2).toNanos();

    /** A fault that strikes in the middle of things does so within this time. */
    private static final long STRIKE = Duration.ofMillis(100).toNanos();

    private static final int MOST_POINTS = 20;

    private static final long SHORTEST = Duration.ofMillis(1).toNanos();

    /** How many times too fast or too slow a clock is at the most. */
    private static final double MOST_OFF = 4;

    private final RandomFaults faults;
    private final Scenario scenario;
    private final List<NodeId> replicas;
    private final long seed;
    private final long from;
    private final long to;
    private SeededRandom random;

    EpisodeDraw(RandomFaults faults, Scenario scenario, long seed) {
        this.faults = faults;
        this.scenario = scenario;
        this.replicas = scenario.replicas();
        this.seed = seed;
        this.from = faults.from().toNanos();
        this.to = faults.to().toNanos();
    }

    List<Episode> plan() {
        List<Episode> all = new ArrayList<>();
        for (Kind kind : some()) {
            random = SeededRandom.stream(seed, "faults/" + kind);
            int count = 1 + random.nextInt(2 * faults.rate(kind) - 1);
            NodeId lastReplica = null;
            Episode last = null;
            for (int i = 0; i < count; i++) {
                int place = last == null ? 0 : random.nextInt(4);
                NodeId replica = place == 1 ? lastReplica : replica();
                long begin = switch (place) {
                    case 1 -> last.to().toNanos() + random.nextLong(MOMENT);
                    case 2 -> last.from().toNanos() + random.nextLong(MOMENT);
                    default -> anywhere();
                };
                last = episode(kind, replica, begin < to ? begin : anywhere());
                lastReplica = replica;
                all.add(last);
            }
        }
        all.sort(Comparator.comparing(Episode::from));
        List<Episode> plan = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            plan.add(isTakenOver(i, all) ? all.get(i).withoutRestart() : all.get(i));
        }
        return plan;
    }

    private List<Kind> some() {
        List<Kind> some = faults.kinds().stream()
                .filter(kind -> SeededRandom.stream(seed, "some faults/" + kind).nextInt(2) == 0)
                .toList();
        if (!some.isEmpty()) {
            return some;
        }
        List<Kind> all = List.copyOf(faults.kinds());
        return List.of(all.get(SeededRandom.stream(seed, "some faults").nextInt(all.size())));
    }

    /** Whether the replica is stopped again, for longer, before this would start it. */
    private static boolean isTakenOver(int index, List<Episode> all) {
        Episode episode = all.get(index);
        if (episode.stops().isEmpty()) {
            return false;
        }
        for (int i = 0; i < all.size(); i++) {
            Episode other = all.get(i);
            int longer = other.to().compareTo(episode.to());
            if (i != index
                    && other.stops().equals(episode.stops())
                    && other.from().compareTo(episode.to()) <= 0
                    && (longer > 0 || longer == 0 && i > index)) {
                return true;
            }
        }
        return false;
    }

    private Episode episode(Kind kind, NodeId replica, long begin) {
        boolean strikes = random.nextInt(2) == 0 && to - begin > STRIKE;
        long end = random.nextInt(4) == 0 ? to : Math.min(to, begin + length());
        // What strikes has struck before its end.
        Episode episode = episode(
                kind,
                replica,
                begin,
                Duration.ofNanos(begin),
                Duration.ofNanos(strikes ? Math.max(end, begin + STRIKE + 1) : end));
        return strikes ? episode.striking(random.nextInt(MOST_POINTS)) : episode;
    }

    private Episode episode(Kind kind, NodeId replica, long begin, Duration starts, Duration ends) {
        return switch (kind) {
            case CRASHES -> stop(kind, starts, ends, new Fault.Crash(replica));
            case WIPES -> stop(kind, starts, ends, new Fault.Wipe(replica));
            case POWER -> stop(kind, starts, ends, new Fault.CutPower(replica));
            case DISKS -> disk(starts, ends, replica);
            case RESETS -> new Episode(kind, starts, ends, new Fault.Reset(replica), List.of());
            case RESTORES ->
                stop(kind, starts, ends, new Fault.Restore(replica, Duration.ofNanos(random.nextLong(begin + 1))));
            case TWINS -> new Episode(kind, starts, ends, new Fault.Twin(replica), List.of());
            case PAUSES ->
                new Episode(kind, starts, ends, new Fault.Pause(replica), List.of(new Fault.Resume(replica)));
            case SLOWDOWNS ->
                new Episode(
                        kind,
                        starts,
                        ends,
                        new Fault.Slow(replica, handling()),
                        List.of(new Fault.Slow(
                                replica, scenario.pace().handling().getOrDefault(replica, Delay.NONE))));
            case CLOCKS -> clock(starts, ends, replica);
            case PARTITIONS -> cut(starts, ends, replica);
            case LOSS -> relink(kind, starts, ends, replica, LinkChange.loss(0.3 + 0.7 * random.nextDouble()));
            case DUPLICATES -> relink(kind, starts, ends, replica, duplicate(0.3 + 0.7 * random.nextDouble()));
            case DELAYS -> relink(kind, starts, ends, replica, LinkChange.delay(delay()));
        };
    }

    private Episode disk(Duration starts, Duration ends, NodeId replica) {
        Fault repair = new Fault.RepairDisk(replica);
        Fault restart = new Fault.Restart(replica);
        return switch (random.nextInt(4)) {
            case 0 -> {
                Fault slow = new Fault.SlowDisk(replica, Duration.ofNanos(length()));
                yield new Episode(Kind.DISKS, starts, ends, slow, List.of(repair));
            }
            case 1 -> {
                Fault full = new Fault.FailDisk(replica, DiskFailure.FULL);
                yield new Episode(Kind.DISKS, starts, ends, full, List.of(repair, restart));
            }
            case 2 -> {
                Fault kept = new Fault.FailDisk(replica, DiskFailure.SYNC_KEPT);
                yield new Episode(Kind.DISKS, starts, ends, kept, List.of(restart));
            }
            default -> new Episode(Kind.DISKS, starts, ends, new Fault.FailDisk(replica), List.of(restart));
        };
    }

    private Episode clock(Duration starts, Duration ends, NodeId replica) {
        int which = random.nextInt(4);
        if (which < 2) {
            double rate = StrictMath.pow(MOST_OFF, which == 0 ? random.nextDouble() : -random.nextDouble());
            double usual = scenario.pace().clocks().getOrDefault(replica, 1.0);
            Fault right = new Fault.ClockRate(replica, usual);
            return new Episode(Kind.CLOCKS, starts, ends, new Fault.ClockRate(replica, rate), List.of(right));
        }
        Duration jump = Duration.ofNanos(length());
        Fault jumps = new Fault.ClockJump(replica, jump, which == 3);
        return new Episode(Kind.CLOCKS, starts, ends, jumps, List.of());
    }

    /** So slow that something waits, and not that nothing is ever done. */
    private Delay handling() {
        return new Delay.Uniform(Duration.ZERO, Duration.ofNanos(MOMENT + random.nextLong(2 * MOMENT)));
    }

    private static Episode stop(Kind kind, Duration starts, Duration ends, Fault.OfReplica fault) {
        return new Episode(kind, starts, ends, fault, List.of(new Fault.Restart(fault.replica())));
    }

    private Episode cut(Duration starts, Duration ends, NodeId one) {
        Optional<NodeId> of = Optional.of(one);
        Optional<NodeId> all = Optional.empty();
        Fault fault = switch (random.nextInt(6)) {
            case 0, 1 -> new Fault.Partition(groups());
            case 2 -> new Fault.Isolate(one);
            case 3 -> new Fault.ChangeLinks(of, all, LinkChange.CUT);
            case 4 -> new Fault.ChangeLinks(all, of, LinkChange.CUT);
            default -> new Fault.ChangeLinks(of, Optional.of(other(one)), LinkChange.CUT);
        };
        List<Fault> heal;
        if (fault instanceof Fault.ChangeLinks link) {
            heal = List.of(new Fault.Heal(link.from(), link.to()));
        } else if (fault instanceof Fault.Isolate) {
            heal = List.of(new Fault.Heal(of, all), new Fault.Heal(all, of));
        } else {
            heal = List.of(new Fault.Heal(all, all));
        }
        return new Episode(Kind.PARTITIONS, starts, ends, fault, heal);
    }

    /** Changes one link, or all from or to one replica, which then follow the rules of the scenario's links again. */
    private Episode relink(Kind kind, Duration starts, Duration ends, NodeId one, LinkChange change) {
        int which = random.nextInt(4);
        Optional<NodeId> source = which == 0 ? Optional.empty() : Optional.of(one);
        Optional<NodeId> target =
                which == 0 ? Optional.of(one) : which == 1 ? Optional.empty() : Optional.of(other(one));
        Fault.ChangeLinks fault = new Fault.ChangeLinks(source, target, change);
        List<Fault> back = new ArrayList<>();
        for (NodeId a : replicas) {
            for (NodeId b : replicas) {
                if (!a.equals(b) && fault.concerns(a, b)) {
                    back.add(new Fault.ChangeLinks(Optional.of(a), Optional.of(b), asBefore(kind, rule(a, b))));
                }
            }
        }
        return new Episode(kind, starts, ends, fault, back);
    }

    private static LinkChange asBefore(Kind kind, LinkRule rule) {
        return switch (kind) {
            case LOSS -> LinkChange.loss(rule.loss());
            case DUPLICATES -> duplicate(rule.duplicate());
            default -> LinkChange.delay(rule.delay());
        };
    }

    private LinkRule rule(NodeId a, NodeId b) {
        LinkRule rule = ScenarioRunner.USUAL_LINK;
        for (Fault.ChangeLinks link : scenario.links()) {
            if (link.messages().isAll() && link.concerns(a, b)) {
                rule = link.change().applyTo(rule);
            }
        }
        return rule;
    }

    private static LinkChange duplicate(double chance) {
        return new LinkChange(Optional.empty(), Optional.empty(), Optional.of(chance), Optional.empty());
    }

    private Delay delay() {
        Duration some = Duration.ofNanos(length());
        return random.nextInt(2) == 0 ? new Delay.Fixed(some) : new Delay.Uniform(Duration.ZERO, some);
    }

    /** Log-uniform, from the shortest to half of the time that there is. */
    private long length() {
        double longest = Math.max(SHORTEST, (to - from) / 2.0);
        return (long) (SHORTEST * StrictMath.pow(longest / SHORTEST, random.nextDouble()));
    }

    private long anywhere() {
        return from + random.nextLong(to - from);
    }

    private List<Set<NodeId>> groups() {
        Set<NodeId> left = new LinkedHashSet<>();
        Set<NodeId> right = new LinkedHashSet<>();
        replicas.forEach(id -> (random.nextInt(2) == 0 ? left : right).add(id));
        // One of two groups that is empty would be no partition.
        Set<NodeId> small = left.size() < right.size() ? left : right;
        Set<NodeId> large = small == left ? right : left;
        if (small.isEmpty()) {
            NodeId one = replica();
            large.remove(one);
            small.add(one);
        }
        return List.of(left, right);
    }

    private NodeId replica() {
        return replicas.get(random.nextInt(replicas.size()));
    }

    private NodeId other(NodeId one) {
        List<NodeId> others = replicas.stream().filter(id -> !id.equals(one)).toList();
        return others.get(random.nextInt(others.size()));
    }
}
