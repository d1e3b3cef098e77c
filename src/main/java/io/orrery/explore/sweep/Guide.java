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
 * Chooses the worlds of a guided sweep. It keeps worlds that showed what few others did, and plays them again up to the moment at
 * which it showed, with all that is left to chance drawn anew from then on.
 *
 * <p>Worlds come in generations of one size. What a generation plays depends on the earlier ones alone, so that it does not
 * matter how many are played at a time.
 */
final class Guide {
    static final int GENERATION = Integer.getInteger("gen", 32);

    /** How many worlds are remembered for each trait. */
    private static final int WITNESSES = Integer.getInteger("wit", 16);

    /** How many traits are remembered at the most. */
    private static final int MOST = 1 << 14;

    private static final double FRESH = Double.parseDouble(System.getProperty("fresh", "0.5"));
    private static final double POWER = Double.parseDouble(System.getProperty("pow", "1"));
    private static final double EARLIER = Double.parseDouble(System.getProperty("earlier", "0"));
    private static final double RARE = Double.parseDouble(System.getProperty("rare", "8"));
    private static final int SEEDS = 1_000_000_000;

    private final long firstSeed;
    private final Map<Long, Trait> traits = new LinkedHashMap<>();
    private long fresh;
    private final List<Back> generation = new ArrayList<>();

    /** A world that has been played. */
    private record Back(Turn turn, Optional<Footprint> footprint) {}

    /** A world that showed a trait, and after how many steps it did. */
    private record Witness(Turn turn, long steps) {}

    /** What tells worlds apart. */
    private static final class Trait {
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
        Trait trait = random.nextDouble() < FRESH ? null : draw(random);
        if (trait == null) {
            return Turn.fresh(firstSeed + number, Strategy.GUIDED);
        }
        List<Witness> witnesses = trait.witnesses;
        return changed(witnesses.get(random.nextInt(witnesses.size())), random);
    }

    /** A rare trait, the rarer the likelier; null if none is. */
    private Trait draw(SeededRandom random) {
        double sum = traits.values().stream().mapToDouble(this::weight).sum();
        double left = random.nextDouble() * sum;
        for (Trait trait : traits.values()) {
            left -= weight(trait);
            if (left < 0) {
                return trait;
            }
        }
        return null;
    }

    private double weight(Trait trait) {
        return trait.fresh * RARE > fresh ? 0 : Math.pow(trait.worlds, -POWER);
    }

    private static Turn changed(Witness witness, SeededRandom random) {
        Choices choices = witness.turn.schedule().choices();
        SortedMap<Long, Long> redraws = new TreeMap<>(choices.redraws().headMap(witness.steps));
        long at = random.nextDouble() < EARLIER ? (long) (random.nextDouble() * witness.steps) : witness.steps;
        redraws.keySet().removeIf(it -> it > at);
        redraws.put(at, (long) random.nextInt(SEEDS));
        return new Turn(
                witness.turn.seed(),
                new Schedule(Strategy.GUIDED, new Choices(choices.steps(), choices.delays(), redraws)));
    }

    /** The next world has been played. */
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
        back.footprint().get().traits().forEach((id, steps) -> {
            Trait trait = traits.get(id);
            if (trait == null && traits.size() < MOST) {
                trait = new Trait();
                traits.put(id, trait);
            }
            if (trait != null) {
                trait.worlds++;
                trait.fresh += isFresh ? 1 : 0;
                if (trait.witnesses.size() < WITNESSES) {
                    trait.witnesses.add(new Witness(back.turn(), steps));
                }
            }
        });
    }
}
