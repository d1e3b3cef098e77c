/**
 * Oracles: what must hold at each step of a world, seen from inside it.
 *
 * <p>They count disks, replay journals, and ask what replicas tell of themselves, so they see what no client can. Start at
 * {@link io.orrery.simulation.oracle.Oracles}.
 */
package io.orrery.simulation.oracle;
