/**
 * Looks for trouble by itself: plays a scenario in many worlds, and says what went wrong in which.
 *
 * <p>Plays on top of {@code scenario} and {@code simulation}; knows no command, server or client. What may come in: sweeps,
 * shrinking, exhaustive exploration, and measures of how thorough they were. Start at {@link io.orrery.explore.Finding}.
 */
package io.orrery.explore;
