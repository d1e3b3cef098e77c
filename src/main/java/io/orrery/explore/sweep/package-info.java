/**
 * Sweeps: a scenario in many worlds, each with a seed of its own, on several threads.
 *
 * <p>What comes out is the same for any number of threads. Start at {@link io.orrery.explore.sweep.Sweep}.
 */
package io.orrery.explore.sweep;
