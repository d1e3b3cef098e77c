/**
 * Registers that a majority keeps, without a leader, and their broken variants.
 *
 * <p>Start at {@link io.orrery.zoo.majority.Majority}; the mistakes are in {@link io.orrery.zoo.majority.MajorityExhibits}.
 */
package io.orrery.zoo.majority;
