package io.orrery.explore.sweep;

import io.orrery.explore.coverage.Footprint;
import io.orrery.loop.Choices;
import io.orrery.loop.Schedule;
import io.orrery.loop.Strategy;
import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Chooses the worlds of a guided sweep. It keeps worlds that showed a hazard that few others did, and plays them again up to that
 * moment, with all that is left to chance drawn anew from then on. The others are fresh seeds.
 *
 * <p>Worlds come in generations of one size. What a generation plays depends on the earlier ones alone, so that it does not
 * matter how many are played at a time.
 *
 * <p>Sources: Li, Desai and Padhye, "Feedback-guided Adaptive Testing of Distributed Systems Designs", NSDI 2026, which changes
 * schedules that took a new course; Kahn and Harris, "Estimation of Particle Transmission by Random Sampling", 1951, for going
 * on several times from what is rare.
 */
final class Guide {
    /** How many worlds a generation has. */
    static final int GENERATION = 32;

    /** How many worlds are remembered for each hazard. */
    private static final int WITNESSES = 16;

    /** How many hazards are remembered at the most. */
    private static final int MOST = 1 << 14;

    /** The part of the worlds that nothing guides. */
    private static final double FRESH = 0.5;

    /** A hazard is rare if one of so many worlds that nothing guided shows it, or fewer. */
    private static final int RARE = 8;

    private static final int SEEDS = 1_000_000_000;

    private final long firstSeed;
    private final Map<Long, Hazard> hazards = new LinkedHashMap<>();
    private final List<Back> generation = new ArrayList<>();
    private long fresh;

    /** A world that has been played. */
    private record Back(Turn turn, Optional<Footprint> footprint) {}

    /** A world that showed a hazard, and after how many steps it did. */
    private record Witness(Turn turn, long steps) {}

    /** Something that may be close to what is wrong. */
    private static final class Hazard {
        private final List<Witness> witnesses = new ArrayList<>();
        private long worlds;
        /** Of these, how many nothing guided. */
        private long fresh;
    }

    Guide(long firstSeed) {
        this.firstSeed = firstSeed;
    }

    /** The world with this number, from 0 on; its generation is the one after those that are {@linkplain #add added}. */
    Turn turn(long number) {
        SeededRandom random = SeededRandom.stream(firstSeed, "guided/" + number);
        Optional<Hazard> hazard = random.nextDouble() < FRESH ? Optional.empty() : draw(random);
        return hazard.map(it -> goOn(it.witnesses.get(random.nextInt(it.witnesses.size())), random))
                .orElseGet(() -> Turn.fresh(firstSeed + number, Strategy.GUIDED));
    }

    /** A rare hazard: the fewer worlds showed it, those among them that went on from it, the likelier; empty if none is rare. */
    private Optional<Hazard> draw(SeededRandom random) {
        double left = random.nextDouble()
                * hazards.values().stream().mapToDouble(this::weight).sum();
        for (Hazard hazard : hazards.values()) {
            left -= weight(hazard);
            if (left < 0) {
                return Optional.of(hazard);
            }
        }
        return Optional.empty();
    }

    private double weight(Hazard hazard) {
        return hazard.fresh * RARE > fresh ? 0 : 1.0 / hazard.worlds;
    }

    private static Turn goOn(Witness witness, SeededRandom random) {
        Choices choices = witness.turn.schedule().choices();
        SortedMap<Long, Long> redraws = new TreeMap<>(choices.redraws().headMap(witness.steps));
        redraws.put(witness.steps, (long) random.nextInt(SEEDS));
        return new Turn(
                witness.turn.seed(),
                new Schedule(Strategy.GUIDED, new Choices(choices.steps(), choices.delays(), redraws)));
    }

    /** The next world has been played; without a footprint it came to no end. */
    void add(Turn turn, Optional<Footprint> footprint) {
        generation.add(new Back(turn, footprint));
        if (generation.size() == GENERATION) {
            generation.forEach(this::learn);
            generation.clear();
        }
    }

    private void learn(Back back) {
        if (back.footprint().isEmpty()) {
            return;
        }
        boolean isFresh = back.turn().schedule().choices().isNone();
        fresh += isFresh ? 1 : 0;
        back.footprint().get().hazards().forEach((id, steps) -> {
            Hazard hazard = hazards.get(id);
            if (hazard == null && hazards.size() < MOST) {
                hazard = new Hazard();
                hazards.put(id, hazard);
            }
            if (hazard != null) {
                hazard.worlds++;
                hazard.fresh += isFresh ? 1 : 0;
                if (hazard.witnesses.size() < WITNESSES) {
                    hazard.witnesses.add(new Witness(back.turn(), steps));
                }
            }
        });
    }
}
