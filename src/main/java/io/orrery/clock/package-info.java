/**
 * Logical clocks: Lamport clock, version vector, dot.
 *
 * <p>Clocks that more than one protocol uses. Wall clocks are {@link io.orrery.model.WallClock}. Start at {@link
 * io.orrery.clock.VersionVector}.
 */
package io.orrery.clock;
