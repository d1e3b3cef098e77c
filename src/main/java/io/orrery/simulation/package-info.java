/**
 * Worlds: replicas, links, disks and clients in virtual time, and their traces.
 *
 * <p>What makes a Pekko actor system deterministic is in {@code loop}; scenario files are in {@code scenario}. Start at {@link io.orrery.simulation.Simulation} and {@link io.orrery.simulation.World}.
 */
package io.orrery.simulation;
