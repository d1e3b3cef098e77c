/**
 * The protocol without a clock: {@code last-arrival}.
 *
 * <p>Only what this one protocol needs. Start at {@link io.orrery.protocol.lastarrival.LastArrival}.
 */
package io.orrery.protocol.lastarrival;
