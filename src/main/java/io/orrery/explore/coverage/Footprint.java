package io.orrery.explore.coverage;

import java.util.Map;
import java.util.Set;

/**
 * What one world covered.
 *
 * @param inputs by what came in, the {@linkplain Condition conditions} of the replicas that it reached, as bits
 * @param branches what replicas made of what came in: {@link Watch}
 * @param shape a hash of who received what in which order
 * @param hazards by a hash of something that may be close to what is wrong, after how many steps it showed: {@link Told}
 */
public record Footprint(Map<String, Integer> inputs, Set<String> branches, long shape, Map<Long, Long> hazards) {}
