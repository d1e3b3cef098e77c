package io.orrery.scenario;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Faults of which a seed makes a plan. Each plan takes some of the kinds, and not all of them: a run with one kind of
 * fault shows what others would hide.
 *
 * <p>Source: Groce, Zhang, Eide, Chen and Regehr, "Swarm Testing", ISSTA 2012.
 *
 * @param kinds at least one
 * @param from before this no fault begins
 * @param to at this time all that was stopped, cut or changed is as it was; later than {@code from}
 * @param rates how many faults of a kind there are on average in a plan that takes it; {@link #USUAL_RATE} of others
 * @param line the line of the kinds in the file
 */
public record RandomFaults(Set<Kind> kinds, Duration from, Duration to, Map<Kind, Integer> rates, int line) {
    /** How many faults of a kind a plan has on average. */
    public static final int USUAL_RATE = 2;

    /** @throws IllegalArgumentException when there is no kind, no time, or a rate below 1 or of another kind */
    public RandomFaults {
        kinds = Collections.unmodifiableSet(new TreeSet<>(kinds));
        rates = Collections.unmodifiableMap(new TreeMap<>(rates));
        if (kinds.isEmpty() || from.isNegative() || from.compareTo(to) >= 0) {
            throw new IllegalArgumentException("random faults have a kind or more, and some time to occur in");
        }
        if (!kinds.containsAll(rates.keySet()) || rates.values().stream().anyMatch(rate -> rate < 1)) {
            throw new IllegalArgumentException("rates are 1 or more, and of the kinds " + kinds + ": " + rates);
        }
    }

    /** A kind of fault. */
    public enum Kind {
        /** A replica stops, and starts again. */
        CRASHES(true, false),
        /** A replica stops and loses its disk, and starts again. */
        WIPES(true, false),
        /** A replica stops, and starts again from an older copy of its disk. */
        RESTORES(false, false),
        /** A second process starts as the same replica. */
        TWINS(false, false),
        /** The machine of a replica loses power, and with it what its disk does not have; the replica starts again. */
        POWER(false, false),
        /** A disk is slow or full for a while, or fails to sync, and with it the replica, which starts again. */
        DISKS(false, false),
        /** A replica handles nothing for a while. */
        PAUSES(true, false),
        /** A replica is busy for a moment with each message. */
        SLOWDOWNS(false, false),
        /** Nothing passes between groups of replicas, from one to another, or from or to one. */
        PARTITIONS(true, true),
        /** The connections of a replica break, and open anew. */
        RESETS(false, true),
        /** Much of what is sent on some links is lost. */
        LOSS(true, true),
        /** Much of what is sent on some links arrives twice. */
        DUPLICATES(true, true),
        /** Some links are slow. */
        DELAYS(true, true),
        /** A replica's clock is fast or slow for a while, or jumps. */
        CLOCKS(false, false);

        private final boolean live;
        private final boolean ofLinks;

        Kind(boolean live, boolean ofLinks) {
            this.live = live;
            this.ofLinks = ofLinks;
        }

        /** Whether real replicas can have it, and not only simulated ones. */
        public boolean isLive() {
            return live;
        }

        /** Whether it needs two replicas or more. */
        public boolean isOfLinks() {
            return ofLinks;
        }

        /** As in files. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The plan of this seed for a scenario, in the order in which the faults begin. */
    List<Episode> plan(Scenario scenario, long seed) {
        return new EpisodeDraw(this, scenario, seed).plan();
    }

    int rate(Kind kind) {
        return rates.getOrDefault(kind, USUAL_RATE);
    }
}
