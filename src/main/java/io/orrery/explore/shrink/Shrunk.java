package io.orrery.explore.shrink;

import io.orrery.explore.Kind;
import io.orrery.scenario.Scenario;

/**
 * A small scenario that shows the same wrong.
 *
 * @param scenario steps alone, without workload and random faults; it expects the opposite of what it shows of a model, and
 *     of a step or an invariant what it shows not
 * @param seed the seed with which it shows that; mostly 1, which is the usual one
 * @param sentence what is wrong, for people
 * @param operations how many operations of clients the run had that was shrunk
 * @param runs how many runs it took
 * @param isComplete false where the search was ended: there may be something smaller
 */
public record Shrunk(
        Scenario scenario, long seed, Kind kind, String sentence, int operations, long runs, boolean isComplete) {}
