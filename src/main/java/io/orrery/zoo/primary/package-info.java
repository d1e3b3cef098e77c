/**
 * A log that one leader orders and a majority keeps, and its broken variants.
 *
 * <p>Start at {@link io.orrery.zoo.primary.Primary}; the mistakes are in {@link io.orrery.zoo.primary.PrimaryExhibits}.
 */
package io.orrery.zoo.primary;
