/**
 * Runs nodes under random faults and load, and judges the result.
 *
 * <p>A plan of faults, relays in front of the nodes, clients that write and read, and the report. Start at {@link
 * io.orrery.soak.Soak}.
 */
package io.orrery.soak;
